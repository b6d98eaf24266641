import { axis } from './chart.js';
import { h, svg } from './dom.js';

const WIDTH = 560;
const HEIGHT = 200;
const TOP = 4;
const LAYERS_MAX = 7;

/**
 * Layers on top of each other over time. `points` = [[time in ms, {name: value}]…], by time; the largest layers have a
 * colour each, the others share one.
 */
export function stacked(title, points, show) {
  const sums = new Map();
  points.forEach(([, values]) => Object.entries(values).forEach(([name, value]) => sums.set(name, (sums.get(name) ?? 0) + value)));
  const largest = [...sums].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).slice(0, LAYERS_MAX).map(([name]) => name);
  const layers = [...largest, ...(sums.size > largest.length ? [undefined] : [])];
  const value = (values, name) => (name !== undefined ? values[name] ?? 0
    : Object.entries(values).reduce((all, [other, v]) => all + (largest.includes(other) ? 0 : v), 0));
  const called = (name) => name ?? 'others';
  const colour = (i) => (layers[i] === undefined ? 'rest' : `l${i}`);
  const newest = points.at(-1)?.[1] ?? {};
  const caption = h('figcaption', {}, h('span', {}, title));
  if (!points.length) return h('figure', {}, caption, h('p', { class: 'muted small' }, 'No windows yet.'));
  return h('figure', {}, caption, picture(title, points, layers, value, colour, show),
    h('ul', { class: 'key' }, layers.map((name, i) => h('li', {},
      svg('svg', { class: 'swatch', viewBox: '0 0 12 12', 'aria-hidden': 'true' }, svg('rect', { class: `part ${colour(i)}`, width: 12, height: 12, rx: 3 })),
      h('span', { class: 'mono' }, called(name)), h('b', {}, show(value(newest, name)))))));
}

function picture(title, points, layers, value, colour, show) {
  const from = points[0][0];
  const to = Math.max(from + 1, points.at(-1)[0]);
  const heights = points.map(([, values]) => layers.reduce((all, name) => all + value(values, name), 0));
  const top = Math.max(1, ...heights);
  const x = (t) => (WIDTH * (t - from) / (to - from)).toFixed(1);
  const y = (v) => (HEIGHT - (HEIGHT - TOP) * v / top).toFixed(1);
  const base = points.map(() => 0);
  const areas = layers.map((name, i) => {
    const below = points.map(([t], n) => `${x(t)} ${y(base[n])}`);
    points.forEach(([, values], n) => { base[n] += value(values, name); });
    const above = points.map(([t], n) => `${x(t)} ${y(base[n])}`);
    return svg('path', { class: `part ${colour(i)}`, d: `M${above.join('L')}L${below.reverse().join('L')}Z` }, svg('title', {}, name ?? 'others'));
  });
  return [
    h('p', { class: 'axis-top' }, show(top)),
    svg('svg', { class: 'chart tall', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `${title}: now ${show(heights.at(-1))}, most ${show(top)}` },
      svg('line', { class: 'grid', x1: 0, x2: WIDTH, y1: y(top), y2: y(top), 'stroke-dasharray': '3 4' }), areas),
    axis(from, to),
  ];
}
