import { get } from './api.js';
import { h, replace, svg } from './dom.js';
import { duration, number, time } from './format.js';

const RANGES = [['15m', 'quarter of an hour'], ['1h', 'hour'], ['6h', '6 hours'], ['1d', 'day'], ['7d', '7 days']];
const RANGE_MS = { '15m': 9e5, '1h': 36e5, '6h': 216e5, '1d': 864e5, '7d': 6048e5 };
const COLOURS = [['deadlines', 'deadlines that got lost'], ['blame', 'time that callers wait']];
const NODE_HEIGHT = 48;
const LABEL_CHARS_MAX = 26;
const CHAR_WIDTH = 8;

/** Who calls whom. `parameters`: range, colour, from and to of the chosen call; `go` changes them. */
export function page(place, parameters, go) {
  const body = h('div', { class: 'stackv' }, h('p', { class: 'muted' }, 'loading'));
  replace(place, h('h1', {}, 'Services and their calls'),
    h('p', { class: 'lead' }, 'Whether deadlines go along with the calls, and who is waited for. Choose a call to see what was found there.'),
    controls(parameters, go), body);
  return async () => {
    const [graph, dagre] = await Promise.all([graphOf(parameters.range), import('./vendor/dagre-3.1.3.js')]);
    document.title = 'Map – Unpark';
    if (!graph.nodes.length) {
      replace(body, h('div', { class: 'card empty' }, h('b', {}, 'No calls yet'), 'Services appear with their first requests, their calls when our annotations are in their traces.'));
      return;
    }
    const chosen = graph.edges.find((edge) => edge.from === parameters.from && edge.to === parameters.to);
    replace(body, picture(graph, dagre, parameters), leftOut(graph), chosen && evidence(chosen, graph), table(graph, parameters));
  };
}

/** The time before the newest window, which may be of a replayed past. */
async function graphOf(range) {
  const newest = await get('graph');
  if (!RANGE_MS[range] || range === '15m') return newest;
  const until = Date.parse(newest.until);
  return get('graph', { since: new Date(Math.max(0, until - RANGE_MS[range])).toISOString(), until: newest.until });
}

function controls(parameters, go) {
  const choice = (name, key, values) => h('label', {}, name, h('select', { 'data-key': `map-${key}`, onchange: (e) => go({ ...parameters, [key]: e.target.value }) },
    values.map(([value, text]) => h('option', { value, selected: (parameters[key] ?? values[0][0]) === value }, text))));
  return h('div', { class: 'filters' }, choice('the last', 'range', RANGES), choice('coloured by', 'colour', COLOURS));
}

const byBlame = (parameters) => parameters.colour === 'blame';
const without = (edge) => edge.calls - edge.with_deadline;

/** How bad a call is, 0 to 3, and in words. */
function judged(edge, parameters) {
  if (byBlame(parameters)) {
    const share = edge.blame_permille;
    return { level: share >= 500 ? 3 : share >= 200 ? 2 : share >= 50 ? 1 : 0, text: `${Math.round(share / 10)} %` };
  }
  if (edge.lost_deadlines > 0) return { level: 3, text: `${number(edge.lost_deadlines)} lost` };
  if (without(edge) > 0) return { level: edge.with_deadline > 0 ? 2 : 1, text: `${number(without(edge))} of ${number(edge.calls)} without` };
  return { level: 0, text: 'all sent' };
}

const short = (text) => (text.length > LABEL_CHARS_MAX ? `${text.slice(0, LABEL_CHARS_MAX - 1)}…` : text);
const address = (edge, parameters) => `#/map?${new URLSearchParams({ ...parameters, from: edge.from, to: edge.to })}`;
const words = (edge, graph) => `${called(edge.from, graph)} calls ${called(edge.to, graph)}`;
const called = (id, graph) => graph.nodes.find((node) => node.id === id)?.service ?? id;

function picture(graph, { Graph, layout }, parameters) {
  const drawing = new Graph().setGraph({ rankdir: 'LR', nodesep: 26, ranksep: 120, marginx: 12, marginy: 16 });
  graph.nodes.forEach((node) => drawing.setNode(node.id, { node, width: Math.max(90, short(node.service).length * CHAR_WIDTH + 26), height: NODE_HEIGHT }));
  graph.edges.forEach((edge) => drawing.setEdge(edge.from, edge.to, { edge, width: 96, height: 18, labelpos: 'c' }));
  layout(drawing);
  const { width, height } = drawing.graph();
  const worst = new Map();
  graph.edges.forEach((edge) => worst.set(edge.to, Math.max(worst.get(edge.to) ?? 0, judged(edge, parameters).level)));
  return h('section', { class: 'card pad' },
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Picture of the calls; the table below says the same' },
      svg('svg', { class: 'map', viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`, width: Math.ceil(width), height: Math.ceil(height), role: 'group', 'aria-label': `${number(graph.nodes.length)} services, ${number(graph.edges.length)} calls` },
        svg('defs', {}, [0, 1, 2, 3].map((level) => svg('marker', { id: `to-${level}`, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 6, markerHeight: 6, orient: 'auto' }, svg('path', { class: `head c${level}`, d: 'M0 0L8 4L0 8Z' })))),
        drawing.edges().map((each) => link(drawing.edge(each), graph, parameters)),
        drawing.nodes().map((id) => box(drawing.node(id), worst.get(id) ?? 0)))),
    legend(parameters));
}

function link({ edge, points, x, y }, graph, parameters) {
  const { level, text } = judged(edge, parameters);
  const chosen = edge.from === parameters.from && edge.to === parameters.to;
  return svg('a', { class: `call c${level}${chosen ? ' chosen' : ''}`, href: address(edge, parameters), 'data-key': `call-${edge.from}-${edge.to}`, 'aria-label': `${words(edge, graph)}: ${text}` },
    svg('path', { class: 'wide', d: curve(points) }), svg('path', { class: 'line', d: curve(points), 'marker-end': `url(#to-${level})` }),
    svg('text', { x, y: y - 13, 'text-anchor': 'middle' }, text));
}

/** Through the middles between the points of the layout, with these as handles. */
function curve(points) {
  const at = (p) => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`;
  const inner = points.slice(1, -1).map((p, i) => {
    const next = points[i + 2];
    const end = i === points.length - 3 ? next : { x: (p.x + next.x) / 2, y: (p.y + next.y) / 2 };
    return `Q${at(p)} ${at(end)}`;
  });
  return `M${at(points[0])}${inner.join('') || `L${at(points.at(-1))}`}`;
}

function box({ node, x, y, width, height }, level) {
  const inside = [
    svg('rect', { class: `box c${level}`, x: x - width / 2, y: y - height / 2, width, height, rx: 9 }),
    svg('text', { x, y: y - 3, 'text-anchor': 'middle' }, short(node.service)),
    svg('text', { class: 'small', x, y: y + 14, 'text-anchor': 'middle' }, !node.known ? 'not traced' : node.open_anomalies ? `${number(node.open_anomalies)} open` : 'nothing open'),
  ];
  return node.known
    ? svg('a', { class: 'node', href: `#/service/${encodeURIComponent(node.service)}?${new URLSearchParams({ namespace: node.namespace })}`, 'data-key': `node-${node.id}`, 'aria-label': `service ${node.service}` }, inside)
    : svg('g', { class: 'node outside' }, inside);
}

function legend(parameters) {
  const words = byBlame(parameters)
    ? ['below 5 % of the caller’s time', '5 to 20 %', '20 to 50 %', 'half and more']
    : ['every call sent a deadline', 'no call sent one', 'some calls sent none', 'requests lost theirs here'];
  return h('ul', { class: 'key' }, words.map((text, level) => h('li', {}, svg('svg', { class: 'swatch map', viewBox: '0 0 12 12', 'aria-hidden': 'true' }, svg('rect', { class: `fill c${level}`, width: 12, height: 12, rx: 3 })), text)));
}

function leftOut({ left_out: left, truncated, since, until }) {
  const parts = [['nodes', 'services'], ['edges', 'connections'], ['calls', 'kinds of calls'], ['services', 'services whose windows were not read']]
    .filter(([name]) => left[name] > 0).map(([name, what]) => `${number(left[name])} ${what}`);
  return h('p', { class: 'muted small' }, `From ${time(since)} to ${time(until)}.`,
    parts.length > 0 && ` Left out, the least important: ${parts.join(', ')}.`, truncated && ' There are more windows than were read: the newest count.');
}

const RESOLVED = { request: 'known from requests that both took part in', name: 'inferred: the address is called like the service', address: 'no traces come from there' };

function evidence(edge, graph) {
  return h('section', { class: 'card pad', id: 'evidence' }, h('h2', {}, words(edge, graph)),
    h('p', {}, `${number(edge.calls)} calls, ${number(edge.with_deadline)} with a deadline. `,
      edge.of_ns > 0 && `They explain ${edge.blame_permille / 10} % of the caller’s time (${duration(edge.explained_ns)}).`),
    h('p', { class: 'muted small' }, `The callee is ${RESOLVED[edge.resolved_by]}.`),
    h('h3', {}, 'What was found'),
    edge.anomalies.length ? h('ul', { class: 'newest' }, edge.anomalies.map((item) => h('li', {}, h('span', { class: `pill ${item.severity}` }, item.severity), ' ',
      h('a', { href: `#/anomaly/${encodeURIComponent(item.id)}`, 'data-key': `edge-${item.id}` }, item.summary)))) : h('p', { class: 'muted' }, 'Nothing.'),
    edge.anomaly_count > edge.anomalies.length && h('p', { class: 'muted small' }, `${number(edge.anomaly_count - edge.anomalies.length)} more.`),
    edge.slowest.length > 0 && [h('h3', {}, 'Slowest requests there'), h('p', {}, edge.slowest.map((slow, i) => [i > 0 && ', ',
      h('a', { href: `#/request/${encodeURIComponent(slow.request)}`, 'data-key': `slow-${slow.request}`, 'aria-label': `request of ${duration(slow.duration_ns)}` }, duration(slow.duration_ns))]))],
    h('h3', {}, 'Its calls'),
    h('ul', {}, edge.routes.map((route) => h('li', {}, h('span', { class: 'mono' }, `${route.route} at ${route.peer}`), `: ${number(route.count)}, ${number(route.with_deadline)} with a deadline`))));
}

/** The same for those who cannot see the picture. */
function table(graph, parameters) {
  const heads = ['Caller', 'Callee', 'Calls', 'With a deadline', 'Lost deadlines', 'Share of the caller’s time'];
  return graph.edges.length > 0 && h('section', { class: 'card pad' }, h('h2', {}, 'All calls'),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'All calls' }, h('table', { class: 'cards' },
      h('thead', {}, h('tr', {}, heads.map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, graph.edges.map((edge) => h('tr', {}, [
        h('a', { href: address(edge, parameters), 'data-key': `row-${edge.from}-${edge.to}`, 'aria-label': words(edge, graph) }, called(edge.from, graph)),
        called(edge.to, graph), number(edge.calls), number(edge.with_deadline), number(edge.lost_deadlines), `${edge.blame_permille / 10} %`,
      ].map((cell, i) => h('td', { 'data-label': heads[i] }, cell))))))));
}
