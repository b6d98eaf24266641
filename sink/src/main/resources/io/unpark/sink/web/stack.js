import { h, svg } from './dom.js';
import { layerColour, layered } from './plot.js';

const LAYERS_MAX = 7;

/**
 * Layers on top of each other over time. `points` = [[time in ms, {name: value}]…], by time; the largest layers have a
 * colour each, the others share one. `markers` = [{at, text}] are vertical lines.
 */
export function stacked(title, points, show, markers = []) {
  const sums = new Map();
  points.forEach(([, values]) => Object.entries(values).forEach(([name, value]) => sums.set(name, (sums.get(name) ?? 0) + value)));
  const largest = [...sums].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).slice(0, LAYERS_MAX).map(([name]) => name);
  const names = [...largest, ...(sums.size > largest.length ? [undefined] : [])];
  const value = (values, name) => (name !== undefined ? values[name] ?? 0
    : Object.entries(values).reduce((all, [other, v]) => all + (largest.includes(other) ? 0 : v), 0));
  const layers = names.map((name, i) => ({ name: name ?? 'others', colour: layerColour(i, name === undefined), values: points.map(([, values]) => value(values, name)) }));
  const caption = h('figcaption', {}, h('span', {}, title));
  if (!points.length) return h('figure', {}, caption, h('p', { class: 'muted small' }, 'No windows yet.'));
  const heights = points.map((point, n) => layers.reduce((all, layer) => all + layer.values[n], 0));
  const label = `${title}: now ${show(heights.at(-1))}, most ${show(heights.reduce((a, b) => Math.max(a, b), 0))}`;
  return h('figure', {}, caption, layered(label, points.map(([t]) => t), layers, show, { markers }), key(layers, show, names));
}

function key(layers, show, names) {
  return h('ul', { class: 'key' }, layers.map(({ name, values }, i) => h('li', {},
    svg('svg', { class: 'swatch', viewBox: '0 0 12 12', 'aria-hidden': 'true' }, svg('rect', { class: `part ${names[i] === undefined ? 'rest' : `l${i}`}`, width: 12, height: 12, rx: 3 })),
    h('span', { class: 'mono' }, name), h('b', {}, show(values.at(-1))))));
}
