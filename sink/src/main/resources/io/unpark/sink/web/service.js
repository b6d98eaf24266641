import { get } from './api.js';
import { chart } from './chart.js';
import { h, replace } from './dom.js';
import { bytes, duration, number } from './format.js';
import { stacked } from './stack.js';

const ROUTES_MAX = 12;
const SLOWEST_MAX = 10;

/** One service, one of its processes at a time. `parameters`: namespace, instance; `go` changes them. */
export function page(place, name, parameters, go) {
  const body = h('div', {}, h('p', { class: 'muted' }, 'loading'));
  replace(place, h('a', { class: 'back', href: '#/services', 'data-key': 'back' }, '← All services'), h('h1', {}, name),
    h('p', {}, h('a', { href: `#/flame?${new URLSearchParams({ service: name, namespace: parameters.namespace ?? '' })}`, 'data-key': 'flame-graph' }, 'Flame graph: where its goroutines were blocked')), body);
  return async () => {
    const windows = await get(`services/${encodeURIComponent(name)}/windows`, { namespace: parameters.namespace });
    document.title = `${name} – Unpark`;
    replace(body, view(windows, parameters, go));
  };
}

function view({ items, routes, truncated }, parameters, go) {
  const instances = [...new Set(items.map((w) => w.instance))].sort();
  const chosen = parameters.instance || busiest(items);
  const own = items.filter((w) => w.instance === chosen).sort((a, b) => Date.parse(a.end) - Date.parse(b.end));
  return [
    h('p', { class: 'lead' }, 'One process over the last quarter of an hour of its traces.', truncated && ' There are more windows than are shown.'),
    instances.length > 0 && h('div', { class: 'filters' }, h('label', {}, 'process', h('select', {
      'data-key': 'instance', onchange: (e) => go({ ...parameters, instance: e.target.value }),
    }, [...new Set([...instances, chosen])].map((value) => h('option', { value, selected: value === chosen }, value))))),
    h('div', { class: 'stackv' },
      h('section', { class: 'card pad' }, h('h2', {}, 'Goroutines by who started them'), stacked('Goroutines', own.map((w) => [Date.parse(w.end), created(w)]), number)),
      h('section', { class: 'card pad charts' }, charts(own)),
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
  const newest = new Map(items.map((w) => [w.instance, w.goroutines]));
  return [...newest].sort(([a, m], [b, n]) => n - m || a.localeCompare(b))[0]?.[0] ?? '';
}

function charts(windows) {
  const serie = (name, value) => ({ name, points: windows.filter((w) => value(w) !== undefined).map((w) => [Date.parse(w.end), value(w)]) });
  const several = (title, show, ...series) => chart(title, series.filter((s) => s.points.length), show, true);
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
