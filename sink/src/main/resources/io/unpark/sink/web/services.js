import { get } from './api.js';
import { chart } from './chart.js';
import { h, replace } from './dom.js';
import { ago, bytes, duration, number } from './format.js';

const NO_WINDOWS = { items: [], routes: [], roots: [] };

/** The services, each with its charts. */
export function page(place) {
  const list = h('div', { class: 'services' });
  replace(place, h('h1', {}, 'Services'),
    h('p', { class: 'lead' }, 'Each line is one process, over the last quarter of an hour of its traces.'), list);
  return async () => {
    const { items } = await get('services');
    const cards = await Promise.all(items.map(async (service) => card(service,
      // One service that cannot be asked for must not hide the others.
      await get(`services/${encodeURIComponent(service.service)}/windows`, { namespace: service.namespace }).catch(() => NO_WINDOWS))));
    replace(list, cards.length ? cards : h('div', { class: 'card empty' }, h('b', {}, 'No service yet'), 'They appear with their first trace.'));
  };
}

function card(service, windows) {
  const serie = (value) => [...Map.groupBy?.(windows.items, (w) => w.instance) ?? grouped(windows.items)]
    .map(([name, items]) => ({ name, points: items.filter((w) => value(w) !== undefined).map((w) => [Date.parse(w.end), value(w)]) }))
    .filter((s) => s.points.length);
  return h('section', { class: 'card pad' },
    h('div', { class: 'service-head' },
      h('h2', {}, service.namespace ? `${service.namespace} / ${service.service}` : service.service),
      h('span', { class: 'muted' }, `${service.instances} ${service.instances === 1 ? 'instance' : 'instances'} · ${number(service.goroutines)} goroutines · heard of ${ago(service.last_arrival)}`),
      service.open_anomalies > 0 && h('a', { href: `#/?service=${encodeURIComponent(service.service)}`, 'data-key': `open-${service.service}` },
        `${service.open_anomalies} open ${service.open_anomalies === 1 ? 'anomaly' : 'anomalies'}`)),
    h('div', { class: 'charts' },
      chart('Goroutines', serie((w) => w.goroutines), number),
      chart('Scheduling latency, p99', serie((w) => w.sched_latency.p99_ns), duration),
      chart('Live heap', serie((w) => w.heap_live_bytes), bytes),
      chart('Stop the world, longest', serie((w) => w.stop_the_world_max_ns), duration)),
    routes(windows.routes), roots(windows.roots ?? []));
}

function grouped(items) {
  const groups = new Map();
  items.forEach((item) => groups.set(item.instance, [...groups.get(item.instance) ?? [], item]));
  return groups;
}

function routes(windows) {
  if (!windows.length) return undefined;
  const byRoute = new Map();
  for (const w of windows) {
    const sum = byRoute.get(w.route) ?? { count: 0, p99: 0 };
    byRoute.set(w.route, { count: sum.count + w.count, p99: Math.max(sum.p99, w.latency.p99_ns) });
  }
  const rows = [...byRoute].sort(([, a], [, b]) => b.p99 - a.p99).slice(0, 12);
  return h('div', { class: 'scroll' }, h('table', {},
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Route'), h('th', { scope: 'col', class: 'num' }, 'Requests'), h('th', { scope: 'col', class: 'num' }, 'Worst p99 of a window'))),
    h('tbody', {}, rows.map(([route, sum]) => h('tr', {}, h('td', { class: 'mono' }, route),
      h('td', { class: 'num' }, number(sum.count)), h('td', { class: 'num' }, sum.p99 ? `< ${duration(sum.p99)}` : '–'))))));
}

/** Where the requests' time went in the end: one lock or one slow service may explain most of it. */
function roots(sums) {
  const rows = sums.slice(0, 6);
  if (!rows.length) return undefined;
  const columns = ['Root of the requests’ time', 'Requests', 'Share of the time', 'Routes'];
  return h('div', { class: 'scroll' }, h('table', {},
    h('thead', {}, h('tr', {}, columns.map((name, i) => h('th', { scope: 'col', class: i > 0 && 'num' }, name)))),
    h('tbody', {}, rows.map((root) => h('tr', {},
      h('td', {}, [root.kind, root.reason].filter(Boolean).join(': '), ' ', h('span', { class: 'mono' }, root.peer ? `call to ${root.peer}` : root.function)),
      h('td', { class: 'num' }, `${number(root.requests)} of ${number(root.of_requests)}`),
      h('td', { class: 'num' }, `${root.time_permille / 10} %`),
      h('td', { class: 'num' }, number(root.route_count)))))));
}
