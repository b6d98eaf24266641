import { h, svg } from './dom.js';
import { duration } from './format.js';

// Where time went: one bar of parts, and its key.

const WIDTH = 1000;
const REASONS_MAX = 5;
const STATES = [
  ['running', 'running_ns'], ['runnable', 'runnable_ns'], ['syscall', 'syscall_ns'],
  ['gc', 'gc_assist_ns'], ['stopped', 'stop_the_world_ns'],
];
const NAMES = { running: 'running', runnable: 'ready, not run', syscall: 'in a system call', gc: 'helping the GC', stopped: 'world stopped' };

/** The wait reasons of all these splits that took longest get a colour each; the others share one. */
export function palette(splits) {
  const sums = new Map();
  for (const split of splits) {
    for (const [reason, ns] of Object.entries(split.blocked_ns ?? {})) sums.set(reason, (sums.get(reason) ?? 0) + ns);
  }
  const largest = [...sums].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).slice(0, REASONS_MAX);
  return new Map(largest.map(([reason], i) => [reason, `b${i}`]));
}

/** [{name, colour, ns}…] of one split, without the parts that took no time. */
export function parts(split, colours) {
  const states = STATES.map(([state, field]) => ({ name: NAMES[state], colour: state, ns: split[field] ?? 0 }));
  const blocked = Object.entries(split.blocked_ns ?? {}).map(([reason, ns]) => ({ name: reason, colour: colours.get(reason) ?? 'rest', ns }));
  blocked.sort((a, b) => b.ns - a.ns || a.name.localeCompare(b.name));
  return [...states, ...blocked].filter((part) => part.ns > 0);
}

/** The largest parts in words. */
export function words(some) {
  const sorted = [...some].sort((a, b) => b.ns - a.ns);
  const first = sorted.slice(0, 3).map((part) => `${part.name} ${duration(part.ns)}`).join(' · ');
  return sorted.length > 3 ? `${first} · …` : first;
}

/**
 * A bar from `from` to `to` (0 to 1 of the width), filled with the parts by their share. `marks` = [{at, kind}] are lines
 * across it, `lanes` = [{from, to, colour, name}] lie beneath it.
 */
export function bar(some, from, to, { marks = [], lanes = [], text }) {
  const sum = some.reduce((all, part) => all + part.ns, 0);
  let x = from * WIDTH;
  const rects = some.map((part) => {
    const width = (to - from) * WIDTH * part.ns / sum;
    const rect = svg('rect', { class: `part ${part.colour}`, x, y: 4, width, height: 18 }, svg('title', {}, `${part.name}: ${duration(part.ns)}`));
    x += width;
    return rect;
  });
  return svg('svg', { class: 'bar', viewBox: `0 0 ${WIDTH} 34`, preserveAspectRatio: 'none', role: 'img', 'aria-label': text },
    svg('rect', { class: 'outline', x: from * WIDTH, y: 4, width: Math.max(2, (to - from) * WIDTH), height: 18 }), rects,
    lanes.map((lane) => svg('rect', { class: `part ${lane.colour}`, x: lane.from * WIDTH, y: 25, width: Math.max(2, (lane.to - lane.from) * WIDTH), height: 6 },
      svg('title', {}, lane.name))),
    marks.map((mark) => svg('line', { class: `mark ${mark.kind}`, x1: mark.at * WIDTH, x2: mark.at * WIDTH, y1: 0, y2: 34 })));
}

/** Which colour means what. */
export function key(splits, colours) {
  const used = new Map();
  for (const part of splits.flatMap((split) => parts(split, colours))) {
    used.set(part.colour, part.colour === 'rest' ? 'other waits' : part.name);
  }
  return h('ul', { class: 'key' }, [...used].map(([colour, name]) => h('li', {},
    svg('svg', { class: 'swatch', viewBox: '0 0 12 12', 'aria-hidden': 'true' }, svg('rect', { class: `part ${colour}`, width: 12, height: 12, rx: 3 })), name)));
}
