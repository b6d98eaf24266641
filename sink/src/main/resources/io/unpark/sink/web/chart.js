import { h, svg } from './dom.js';
import { lines } from './plot.js';

const COLOURS = 4;

/**
 * A line chart. `series` = [{name, points: [[time in ms, value]…]}], `show` turns a value into text, `markers` = [{at, text}] are
 * vertical lines. With `named`, each line's name and newest value are listed beneath. The caption and the series' newest values
 * say in words what the picture shows.
 */
export function chart(title, series, show, named = false, markers = []) {
  const points = series.flatMap((s) => s.points);
  const newest = Math.max(0, ...series.map((s) => s.points.at(-1)?.[1] ?? 0));
  const caption = h('figcaption', {}, h('span', {}, title), h('b', {}, points.length ? `now ${series.length > 1 ? 'up to ' : ''}${show(newest)}` : ''));
  if (points.length === 0) {
    return h('figure', {}, caption, h('p', { class: 'muted small' }, 'No windows yet.'));
  }
  const top = points.reduce((most, [, value]) => Math.max(most, value), 0);
  return h('figure', {}, caption, lines(`${title}: now ${show(newest)}, most ${show(top)}`, series, show, markers), named && key(series, show));
}

function key(series, show) {
  return h('ul', { class: 'key' }, series.map((s, i) => h('li', {},
    svg('svg', { class: 'swatch', viewBox: '0 0 12 12', 'aria-hidden': 'true' }, svg('circle', { class: `dot s${i % COLOURS}`, cx: 6, cy: 6, r: 5 })),
    s.name, h('b', {}, show(s.points.at(-1)[1])))));
}
