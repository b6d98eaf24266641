import { get } from './api.js';
import { chart } from './chart.js';
import { h, replace } from './dom.js';
import { bytes, duration, number, time } from './format.js';
import { stacked } from './stack.js';
import { deploys, together } from './windows.js';

const ROUTES_MAX = 12;
const SLOWEST_MAX = 10;

const ALL = '*';

/** What is shown, and how long the windows are that fit: a chart has some hundred points. */
const RANGES = {
  '15m': { ms: 9e5, step: 'raw', words: 'quarter of an hour' },
  '2h': { ms: 72e5, step: '1m', words: '2 hours' },
  '6h': { ms: 216e5, step: '1m', words: '6 hours' },
  '2d': { ms: 1728e5, step: '1h', words: '2 days' },
  '14d': { ms: 12096e5, step: '1h', words: '14 days' },
  '90d': { ms: 7776e6, step: '1h', words: '90 days' },
};
const WINDOWS_MAX = 5000;

/** One service. `parameters`: namespace, range, instance; `go` changes them. */
export function page(place, name, parameters, go) {
  const body = h('div', {}, h('p', { class: 'muted' }, 'loading'));
  replace(place, h('a', { class: 'back', href: '#/services', 'data-key': 'back' }, '← All services'), h('h1', {}, name),
    h('p', {}, h('a', { href: `#/flame?${new URLSearchParams({ service: name, namespace: parameters.namespace ?? '' })}`, 'data-key': 'flame-graph' }, 'Flame graph: where its goroutines were blocked')), body);
  const path = `services/${encodeURIComponent(name)}/windows`;
  return async () => {
    const { namespace } = parameters;
    const range = RANGES[parameters.range] ?? RANGES['15m'];
    const { items } = await get('services');
    const newest = items.filter((s) => s.service === name && (!namespace || s.namespace === namespace)).map((s) => Date.parse(s.newest_window)).filter(Boolean);
    // Before its newest window, which may be of a replayed past.
    const since = newest.length ? new Date(Math.max(0, Math.max(...newest) - range.ms)).toISOString() : undefined;
    const windows = await get(path, { namespace, since, step: range.step, limit: WINDOWS_MAX });
    document.title = `${name} – Unpark`;
    replace(body, view(name, windows, range, parameters, go));
  };
}

function view(name, { items, routes, truncated }, range, parameters, go) {
  const instances = [...new Set(items.map((w) => w.instance).filter(Boolean))].sort();
  // Windows as they came end at any time: only rolled up ones can be added up.
  const choices = range.step === 'raw' ? instances : [ALL, ...instances];
  const chosen = parameters.instance || (range.step === 'raw' ? busiest(items) : ALL);
  if (chosen && !choices.includes(chosen)) choices.push(chosen);
  const own = together(chosen === ALL ? items : items.filter((w) => w.instance === chosen)).sort((a, b) => Date.parse(a.end) - Date.parse(b.end));
  const versions = deploys(items);
  const markers = versions.map(({ version, at }) => ({ at, text: version }));
  const select = (key, words, values, value) => h('label', {}, words, h('select', { 'data-key': key, onchange: (e) => go({ ...parameters, [key]: e.target.value }) },
    values.map(([one, text]) => h('option', { value: one, selected: one === value }, text))));
  return [
    h('p', { class: 'lead' }, chosen === ALL ? `All processes together over the last ${range.words} of traces.` : `One process over the last ${range.words} of its traces.`, truncated && ' There are more windows than are shown.'),
    h('div', { class: 'filters' }, select('range', 'the last', Object.entries(RANGES).map(([key, { words }]) => [key, words]), RANGES[parameters.range] ? parameters.range : '15m'),
      choices.length > 0 && select('instance', 'process', choices.map((one) => [one, one === ALL ? 'all together' : one]), chosen)),
    versions.length > 0 && h('p', { id: 'versions' }, 'New versions: ', versions.map(({ version, at }, i) => [i > 0 && ', ', h('strong', {}, version), ` since ${time(new Date(at).toISOString())}`]), '. ',
      h('a', { href: `#/compare?${new URLSearchParams({ service: name, namespace: parameters.namespace ?? '' })}`, 'data-key': 'compare' }, 'Before and after')),
    h('div', { class: 'stackv' },
      h('section', { class: 'card pad' }, h('h2', {}, 'Goroutines by who started them'), stacked('Goroutines', own.map((w) => [Date.parse(w.end), created(w)]), number, markers)),
      h('section', { class: 'card pad charts' }, charts(own, markers)),
      slowest(routes)),
  ];
}

/** Windows keep the largest creation sites only: the others are what is missing to the number of goroutines. */
function created(window) {
  const sites = window.goroutines_by_creation ?? {};
  const known = Object.values(sites).reduce((all, n) => all + n, 0);
  return window.goroutines > known ? { ...sites, 'not known, or small': window.goroutines - known } : sites;
}

function busiest(items) {
  const newest = new Map(items.filter((w) => w.instance).map((w) => [w.instance, w.goroutines]));
  return [...newest].sort(([a, m], [b, n]) => n - m || a.localeCompare(b))[0]?.[0] ?? '';
}

function charts(windows, markers) {
  const serie = (name, value) => ({ name, points: windows.filter((w) => value(w) !== undefined).map((w) => [Date.parse(w.end), value(w)]) });
  const several = (title, show, ...series) => chart(title, series.filter((s) => s.points.length), show, true, markers);
  return [
    several('Ready and not run (scheduling latency), at most', duration,
      serie('p50', (w) => w.sched_latency.p50_ns), serie('p90', (w) => w.sched_latency.p90_ns), serie('p99', (w) => w.sched_latency.p99_ns)),
    several('Heap', bytes, serie('live', (w) => w.heap_live_bytes), serie('goal of the GC', (w) => w.heap_goal_bytes)),
    several('GC in each window', duration, serie('workers', (w) => w.gc_worker_ns), serie('assists', (w) => w.gc_assist_ns)),
    several('Stop the world in each window', duration, serie('longest', (w) => w.stop_the_world_max_ns), serie('all', (w) => w.stop_the_world_ns)),
  ];
}

/** The slowest requests of each route that are kept, over all its processes. */
function slowest(routes) {
  const byRoute = new Map();
  for (const w of routes) {
    const sum = byRoute.get(w.route) ?? { count: 0, p99: 0, requests: new Map() };
    sum.count += w.count;
    sum.p99 = Math.max(sum.p99, w.latency.p99_ns);
    (w.slowest ?? []).forEach((slow) => sum.requests.set(slow.request, slow.duration_ns));
    byRoute.set(w.route, sum);
  }
  const rows = [...byRoute].sort(([a, m], [b, n]) => n.p99 - m.p99 || a.localeCompare(b)).slice(0, ROUTES_MAX);
  const heads = ['Route', 'Requests', 'Worst p99 of a window', 'Slowest'];
  return rows.length > 0 && h('section', { class: 'card pad' }, h('h2', {}, 'Routes, of all processes'),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Routes' }, h('table', { class: 'cards' },
      h('thead', {}, h('tr', {}, heads.map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, rows.map(([route, sum]) => h('tr', {}, [
        h('span', { class: 'mono' }, route), number(sum.count), sum.p99 ? `< ${duration(sum.p99)}` : '–',
        [...sum.requests].sort(([, a], [, b]) => b - a).slice(0, SLOWEST_MAX).map(([id, ns], i) => [i > 0 && ', ',
          h('a', { href: `#/request/${encodeURIComponent(id)}`, 'data-key': `slow-${id}`, 'aria-label': `request of ${duration(ns)}` }, duration(ns))]),
      ].map((cell, i) => h('td', { 'data-label': heads[i] }, cell))))))));
}
