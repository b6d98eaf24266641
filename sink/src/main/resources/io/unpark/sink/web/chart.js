import { h, svg } from './dom.js';

const WIDTH = 560;
const HEIGHT = 90;
const LEFT = 4;
const RIGHT = 6;
const TOP = 4;
const BOTTOM = 4;
const COLOURS = 4;

/**
 * A line chart. `series` = [{name, points: [[time in ms, value]…]}], `show` turns a value into text.
 * `markers` = [{at, text}] are vertical lines. With `named`, each line's name and newest value are listed beneath. The caption and the series' newest values say in
 * words what the picture shows.
 */
export function chart(title, series, show, named = false, markers = []) {
  const points = series.flatMap((s) => s.points);
  const newest = Math.max(0, ...series.map((s) => s.points.at(-1)?.[1] ?? 0));
  const caption = h('figcaption', {}, h('span', {}, title), h('b', {}, points.length ? `now ${series.length > 1 ? 'up to ' : ''}${show(newest)}` : ''));
  if (points.length === 0) {
    return h('figure', {}, caption, h('p', { class: 'muted small' }, 'No windows yet.'));
  }
  const from = Math.min(...points.map(([t]) => t));
  const to = Math.max(from + 1, ...points.map(([t]) => t));
  const top = Math.max(1, ...points.map(([, value]) => value));
  const x = (t) => LEFT + (WIDTH - LEFT - RIGHT) * (t - from) / (to - from);
  const y = (value) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top;
  return h('figure', {}, caption, h('p', { class: 'axis-top' }, show(top)),
    svg('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `${title}: now ${show(newest)}, most ${show(top)}` },
      markers.filter(({ at }) => at >= from && at <= to).map(({ at, text }) => svg('line', { class: 'marker', x1: x(at), x2: x(at), y1: 0, y2: HEIGHT, 'stroke-dasharray': '4 3' }, svg('title', {}, text))),
      svg('line', { class: 'grid', x1: 0, x2: WIDTH, y1: y(top), y2: y(top), 'stroke-dasharray': '3 4' }),
      svg('line', { class: 'grid', x1: 0, x2: WIDTH, y1: y(0), y2: y(0) }),
      series.map((s, i) => line(s, i, x, y, series.length === 1))),
    axis(from, to),
    named && key(series, show));
}

/** From when to when, as text beneath: a picture that is stretched would stretch its letters. */
export function axis(from, to) {
  const clock = (t) => new Date(t).toISOString().slice(11, 19);
  return h('p', { class: 'axis-time' }, h('span', {}, clock(from)), h('span', {}, clock(to)));
}

function key(series, show) {
  return h('ul', { class: 'key' }, series.map((s, i) => h('li', {},
    svg('svg', { class: 'swatch', viewBox: '0 0 12 12', 'aria-hidden': 'true' }, svg('circle', { class: `dot s${i % COLOURS}`, cx: 6, cy: 6, r: 5 })),
    s.name, h('b', {}, show(s.points.at(-1)[1])))));
}

function line(serie, i, x, y, alone) {
  const path = serie.points.map(([t, value], n) => `${n ? 'L' : 'M'}${x(t).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  const [lastT, lastValue] = serie.points.at(-1);
  const area = alone && serie.points.length > 1
    && svg('path', { class: 'area', d: `${path}L${x(lastT).toFixed(1)} ${y(0)}L${x(serie.points[0][0]).toFixed(1)} ${y(0)}Z` });
  return svg('g', {}, svg('title', {}, serie.name), area,
    svg('path', { class: `serie s${i % COLOURS}`, d: path }),
    // A line of no length has round ends however the picture is stretched.
    svg('path', { class: `last serie s${i % COLOURS}`, d: `M${x(lastT)} ${y(lastValue)}h0` }));
}
