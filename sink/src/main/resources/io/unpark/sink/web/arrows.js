import { h, svg } from './dom.js';
import { base, duration, number } from './format.js';
import { userFrame } from './frames.js';
import { deadline, scale } from './scale.js';

// Who waited for whom: a lane for each goroutine, an arrow from each wait to the goroutine that ended it.

const WIDTH = 1000;
/** The time ends before the picture does: arrows at its end need room. */
const TIME_WIDTH = 970;
const LANE = 38;
const TOP = 6;
const LANES_MAX = 24;
const ARROWS_MAX = 30;
const SHARE_MIN = 0.005;
const KINDS = { running: 'running', ready: 'runnable', syscall: 'syscall', gc_assist: 'gc', stopped: 'stopped' };

/** `hops` = [{segment}…], callers first; `colours` as of the bars above. */
export function arrows(hops, colours) {
  const time = scale(hops.map(({ segment }) => segment));
  const least = (time.to - time.from) * SHARE_MIN;
  const lanes = new Map();
  const links = [];
  hops.forEach(({ segment }) => follow(segment, hops, lanes, links, least));
  // Lanes of one service are together, the request's own goroutine first.
  const shown = [...lanes.values()].sort((a, b) => a.place - b.place || b.main - a.main).slice(0, LANES_MAX);
  shown.forEach((lane, i) => { lane.y = TOP + i * LANE; });
  const drawn = links.filter((link) => link.from.lane.y !== undefined && link.to.lane.y !== undefined)
    .sort((a, b) => b.from.ns - a.from.ns).slice(0, ARROWS_MAX);
  if (!drawn.length) return false;
  const height = TOP + shown.length * LANE;
  const left = lanes.size - shown.length;
  return h('section', { class: 'card pad' }, h('h2', {}, 'Who waited for whom'),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Who waited for whom' },
      svg('svg', { class: 'arrows', viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': `${number(drawn.length)} arrows from waits to those who ended them; the list below tells them` },
        svg('defs', {}, svg('marker', { id: 'arrowhead', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
          svg('path', { class: 'head', d: 'M0 0L8 4L0 8Z' }))),
        shown.map((lane) => picture(lane, time, colours)), limits(hops, shown, time),
        drawn.map((link, i) => arrow(link, i, time)))),
    h('ol', { class: 'arrow-list' }, drawn.map(told)),
    h('p', { class: 'muted small' }, 'Each lane is a goroutine, each arrow leads from a wait to the one that ended it. ',
      'Times of different services are those of their own clocks.', left > 0 && ` ${number(left)} more goroutines are not shown.`));
}

/** Adds the goroutines of one segment and who woke whom. */
function follow(segment, hops, lanes, links, least) {
  const place = hops.findIndex((hop) => hop.segment === segment);
  const lane = (goroutine) => {
    const key = `${place} ${goroutine}`;
    if (!lanes.has(key)) lanes.set(key, { place, segment, goroutine, main: goroutine === segment.goroutine, blocks: [] });
    return lanes.get(key);
  };
  const block = (goroutine, values) => {
    const one = { ...values, lane: lane(goroutine) };
    one.lane.blocks.push(one);
    return one;
  };
  lane(segment.goroutine);
  const path = segment.path?.hops ?? [];
  const blocks = path.length ? ofPath(path, block, links, least) : ofWaits(segment, block, links, least);
  // Of the waits during one call, the longest is the one for its answer.
  const longest = new Map();
  blocks.forEach((each) => { if (!(longest.get(each.span)?.one.ns >= each.one.ns)) longest.set(each.span, each); });
  longest.forEach(({ one, span }) => callee(one, span, hops, lanes, links));
}

/** The causal chain: a hop stands above those that explain it. */
function ofPath(path, block, links, least) {
  const totals = path.map((hop) => hop.own_ns);
  for (let i = path.length - 1; i >= 0; i--) if (path[i].parent >= 0) totals[path[i].parent] += totals[i];
  const blocks = path.map((hop, i) => (totals[i] < least ? undefined
    : block(hop.goroutine, { start: hop.start_ns, ns: totals[i], kind: KINDS[hop.kind], reason: hop.reason || hop.kind, count: hop.count, where: hop.line?.function ? hop.line : hop.at })));
  const end = (i) => (blocks[i] ? path[i].start_ns + totals[i] : -1);
  path.forEach((hop, i) => {
    const above = blocks[hop.parent];
    // Of the steps of one goroutine that lie below a wait, the latest one ended it.
    const latest = path.every((other, j) => other.parent !== hop.parent || other.goroutine !== hop.goroutine || end(j) < end(i) || (end(j) === end(i) && j <= i));
    if (above && blocks[i] && latest && hop.goroutine !== path[hop.parent].goroutine) {
      links.push({ from: above, to: blocks[i], place: path[hop.parent].woken_at, instead: path[hop.parent].kind === 'ready' });
    }
  });
  return path.map((hop, i) => ({ one: blocks[i], span: hop.span })).filter(({ one, span }) => one && span);
}

/** Where no chain is known: the longest waits, and who ended them. */
function ofWaits({ waits, calls }, block, links, least) {
  const blocks = waits.filter((wait) => wait.duration_ns >= least).map((wait) => {
    const from = block(wait.goroutine, { start: wait.start_ns, ns: wait.duration_ns, reason: wait.reason, count: 1, where: userFrame(wait.stack) });
    if (wait.waker_goroutine >= 0 && wait.waker_goroutine !== wait.goroutine) {
      const to = block(wait.waker_goroutine, { start: wait.start_ns + wait.duration_ns, ns: 0, reason: 'woke it', count: 1, where: userFrame(wait.waker_stack) });
      links.push({ from, to, place: userFrame(wait.waker_stack) });
    }
    return from;
  });
  return calls.flatMap((call) => blocks
    .filter((one) => call.span_id && one.start >= call.start_ns && (!call.end_ns || one.start + one.ns <= call.end_ns))
    .map((one) => ({ one, span: call.span_id })));
}

/** A wait for an answer leads to the service that gave it. */
function callee(from, span, hops, lanes, links) {
  const place = hops.findIndex(({ segment }) => segment.parent_span_id === span);
  if (place < 0) return;
  const { segment } = hops[place];
  const key = `${place} ${segment.goroutine}`;
  if (!lanes.has(key)) lanes.set(key, { place, segment, goroutine: segment.goroutine, main: true, blocks: [] });
  links.push({ from, to: { lane: lanes.get(key), start: segment.start_ns, ns: segment.end_ns - segment.start_ns, reason: 'its answer' }, call: true });
}

const name = (lane) => `${lane.segment.instance.service}, ${lane.main ? 'the request’s goroutine' : `goroutine ${lane.goroutine}`}`;

function picture(lane, time, colours) {
  const x = (ns) => time.at(ns) * TIME_WIDTH;
  const start = lane.segment.members?.find((member) => member.goroutine === lane.goroutine)?.start_function;
  return svg('g', {},
    svg('text', { class: lane.main ? 'lane own' : 'lane', x: 2, y: lane.y + 12 }, `${name(lane)}${start ? ` · ${start}` : ''}`),
    lane.main && svg('rect', { class: 'outline', x: x(lane.segment.start_ns), y: lane.y + 17, width: Math.max(2, x(lane.segment.end_ns) - x(lane.segment.start_ns)), height: 14 }),
    lane.blocks.map((block) => svg('rect', { class: `part ${block.kind ?? colours.get(block.reason) ?? 'rest'}`, x: x(block.start), y: lane.y + 18, width: Math.max(3, x(block.start + block.ns) - x(block.start)), height: 12 },
      svg('title', {}, `${block.reason}: ${duration(block.ns)}${block.count > 1 ? `, ${number(block.count)} times` : ''}`))));
}

/** The deadline of each service across its lanes. */
function limits(hops, shown, time) {
  return hops.map(({ segment }) => {
    const own = shown.filter((lane) => lane.segment === segment);
    const ns = deadline(segment);
    return own.length && time.shows(ns) && svg('line', { class: 'mark deadline', x1: time.at(ns) * TIME_WIDTH, x2: time.at(ns) * TIME_WIDTH, y1: own[0].y, y2: own.at(-1).y + LANE },
      svg('title', {}, `deadline of ${segment.instance.service}`));
  });
}

function arrow({ from, to, call }, i, time) {
  const x1 = time.at(from.start + from.ns) * TIME_WIDTH;
  const x2 = time.at(to.start + to.ns) * TIME_WIDTH;
  const down = to.lane.y > from.lane.y;
  const y1 = from.lane.y + (down ? 31 : 17);
  const y2 = to.lane.y + (down ? 17 : 31);
  const middle = (y1 + y2) / 2;
  return svg('g', { class: call ? 'arrow call' : 'arrow' },
    svg('path', { d: `M${x1} ${y1}C${x1 + 14} ${middle} ${x2 + 14} ${middle} ${x2} ${y2}`, 'marker-end': 'url(#arrowhead)' }),
    svg('text', { x: x1 + 5, y: y1 + (down ? 2 : -4) }, String(i + 1)));
}

function told({ from, to, place, call, instead }) {
  const where = (frame) => frame?.function && h('span', { class: 'mono' }, ` ${frame.function}${frame.file ? ` ${base(frame.file)}${frame.line ? `:${frame.line}` : ''}` : ''}`);
  return h('li', {}, h('strong', {}, name(from.lane)), ` ${instead ? 'was ready and not run for' : 'waited'} ${duration(from.ns)}${instead ? '' : ` (${from.reason})`}`, where(from.where),
    ' → ', h('strong', {}, name(to.lane)), call ? ` answered after ${duration(to.ns)}` : instead ? ' ran meanwhile' : ' ended it', !call && where(place?.function ? place : to.where));
}
