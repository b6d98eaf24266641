import { get } from './api.js';
import { h, replace } from './dom.js';
import { duration, number, time } from './format.js';
import { bar, key, palette, parts, words } from './split.js';

const TIMES = [['1h/0s', 'the last hour'], ['2h/1h', 'the hour before'], ['1d/0s', 'the last day'], ['2d/1d', 'the day before'], ['7d/0s', 'the last 7 days'], ['14d/7d', 'the 7 days before']];
const FELT_PERCENT = 10;

/** Before and after. `parameters`: service, namespace, a and b; `go` changes them. */
export function page(place, parameters, go) {
  const body = h('div', { class: 'stackv' }, h('p', { class: 'muted' }, 'loading'));
  const filters = h('div', { class: 'filters' });
  replace(place, h('h1', {}, 'Compare'), h('p', { class: 'lead' }, 'Two versions of a service, or two times: whether a fix helped, and what it brought.'), filters, body);
  return async () => {
    const { items } = await get('services');
    document.title = 'Compare – Unpark';
    const service = parameters.service ?? items[0]?.service;
    if (!service) {
      replace(body, h('div', { class: 'card empty' }, h('b', {}, 'No service yet'), 'They appear with their first trace.'));
      return;
    }
    const { a, b, namespace } = parameters;
    const answer = await get(`services/${encodeURIComponent(service)}/compare`, { namespace, a, b });
    replace(filters, controls(items, service, answer, parameters, go));
    replace(body, view(answer));
  };
}

function controls(items, service, { versions, a, b }, parameters, go) {
  const names = [...new Set(items.map((item) => item.service))];
  const option = (value, text, selected) => h('option', { value, selected: value === selected }, text);
  const side = (name, words, chosen) => {
    const value = parameters[name] ?? version(chosen) ?? `${chosen.since}/${chosen.until}`;
    const known = [...versions.map((v) => [version(v), v.version || 'without a version']), ...TIMES];
    if (!known.some(([one]) => one === value)) known.push([value, span(chosen)]);
    return h('label', {}, words, h('select', { 'data-key': `compare-${name}`, onchange: (e) => go({ ...parameters, service, [name]: e.target.value }) },
      known.map(([one, text]) => option(one, text, value))));
  };
  return [
    h('label', {}, 'service', h('select', { 'data-key': 'compare-service', onchange: (e) => go({ service: e.target.value }) }, names.map((name) => option(name, name, service)))),
    side('a', 'before', a), side('b', 'after', b),
    h('button', { type: 'button', 'data-key': 'compare-swap', onclick: () => go({ ...parameters, service, a: asked(b, parameters.b), b: asked(a, parameters.a) }) }, 'Swap'),
  ];
}

const version = (side) => (side.version === '' ? '-' : side.version);
const asked = (side, given) => given ?? version(side) ?? `${side.since}/${side.until}`;
const span = (side) => `${time(side.since)} – ${time(side.until)}`;
const label = (side) => (side.version === undefined ? span(side) : side.version || 'without a version');

function view(answer) {
  const { a, b, routes, anomalies, overlap } = answer;
  const none = [a, b].filter((side) => !side.runtime.windows);
  return [
    h('p', { class: 'muted small' }, `Before: ${label(a)}, ${span(a)}. After: ${label(b)}, ${span(b)}. `,
      overlap && 'Both ran at the same time for a while: what was found then may belong to either. ',
      (a.truncated || b.truncated) && 'There are more windows than were read: the newest count.'),
    none.length > 0 && h('div', { class: 'card empty' }, h('b', {}, 'No windows'), `Nothing is kept of ${none.map(label).join(' and ')}.`),
    found(anomalies), byRoute(routes, answer.routes_left_out), split(routes), processes(a.runtime, b.runtime),
  ];
}

/** What became of a number, in percent. Less is better, unless it is `neutral`. */
function change(before, after, neutral) {
  if (!before || after === undefined) return h('span', { class: 'muted' }, '–');
  const percent = Math.round(100 * (after - before) / before);
  const felt = Math.abs(percent) >= FELT_PERCENT && !neutral;
  return h('span', { class: felt ? percent < 0 ? 'better' : 'worse' : 'muted' }, `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${number(Math.abs(percent))} %`);
}

const COLUMNS = [['Requests', 'count', number, true], ['Mean', 'mean_ns', duration], ['p50', 'p50_ns', below], ['p90', 'p90_ns', below], ['p99', 'p99_ns', below]];

function below(ns) {
  return ns ? `< ${duration(ns)}` : '–';
}

function byRoute(routes, left) {
  const rows = routes.map(({ route, a, b }) => [h('span', { class: 'mono' }, route), ...COLUMNS.map(([, field, show, neutral]) => pair(a?.[field], b?.[field], show, neutral))]);
  return rows.length > 0 && table('Requests by route', ['Route', ...COLUMNS.map(([name]) => name)], rows,
    ['Percentiles are known by powers of two, the mean is exact.', left > 0 && ` ${number(left)} more routes are not shown.`]);
}

function pair(before, after, show, neutral) {
  const text = (value) => (value === undefined ? 'none' : show(value));
  return h('span', { class: 'pair' }, h('span', {}, `${text(before)} → ${text(after)}`), change(before, after, neutral));
}

/** Where the time of one request went on average, before above after. */
function split(routes) {
  const sides = routes.flatMap(({ a, b }) => [a, b]).filter(Boolean).map((side) => side.split);
  const colours = palette(sides);
  return routes.length > 0 && h('section', { class: 'card pad' }, h('h2', {}, 'Where the time of a request went'), key(sides, colours),
    routes.map(({ route, a, b }) => {
      const longest = Math.max(1, a?.mean_ns ?? 0, b?.mean_ns ?? 0);
      return h('div', { class: 'two' }, h('p', { class: 'mono' }, route), [['before', a], ['after', b]].map(([name, side]) => {
        if (!side?.count) return h('p', { class: 'muted small' }, `${name}: no requests`);
        const some = parts(mean(side), colours);
        return [h('p', { class: 'muted small' }, `${name}, ${duration(side.mean_ns)}: ${words(some)}`),
          bar(some, 0, side.mean_ns / longest, { text: `${route} ${name}: ${words(some)}` })];
      }));
    }));
}

function mean({ split: sum, count }) {
  const each = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'object' ? each(value) : value / count]));
  return each(sum);
}

function processes(a, b) {
  const share = (part, whole) => (whole ? 1000 * part / whole : undefined);
  const gc = (side) => share((side.gc_worker_ns ?? 0) + (side.gc_assist_ns ?? 0), (side.busy_ns ?? 0) + (side.gc_worker_ns ?? 0));
  const percent = (permille) => `${(permille / 10).toFixed(1)} %`;
  const rows = [
    ['Ready and not run, p50', a.sched_latency?.p50_ns, b.sched_latency?.p50_ns, below],
    ['Ready and not run, p99', a.sched_latency?.p99_ns, b.sched_latency?.p99_ns, below],
    ['GC’s share of the CPU time', gc(a), gc(b), percent],
    ['GC cycles a minute', share((a.gc_cycles ?? 0) * 6e7, a.covered_ns), share((b.gc_cycles ?? 0) * 6e7, b.covered_ns), (value) => value.toFixed(1)],
    ['Longest stop of the world', a.stop_the_world_max_ns, b.stop_the_world_max_ns, duration],
  ].map(([name, before, after, show]) => [name, pair(before, after, show)]);
  return table('Its processes', ['What', 'Before → after'], rows);
}

function found({ gone, new: fresh, both, left_out: left, truncated }) {
  const list = (title, items, none) => h('div', {}, h('h3', {}, `${title}: ${number(items.length)}`), items.length === 0 && h('p', { class: 'muted' }, none),
    h('ul', { class: 'newest' }, items.map((item) => h('li', {}, h('span', { class: `pill ${item.severity}` }, item.severity), ' ',
      h('a', { href: `#/anomaly/${encodeURIComponent(item.id)}`, 'data-key': `compare-${item.id}` }, item.summary), h('p', { class: 'muted small' }, item.kind.replaceAll('_', ' '))))));
  return h('section', { class: 'card pad' }, h('h2', {}, 'Anomalies'),
    h('div', { class: 'three' }, list('Gone', gone, 'None is gone.'), list('New', fresh, 'None is new.'), list('Still there', both, 'None stayed.')),
    (left > 0 || truncated) && h('p', { class: 'muted small' }, 'There are more than are shown.'));
}

function table(title, heads, rows, note) {
  return h('section', { class: 'card pad' }, h('h2', {}, title),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title }, h('table', { class: 'cards' },
      h('thead', {}, h('tr', {}, heads.map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, rows.map((cells) => h('tr', {}, cells.map((cell, i) => h('td', { 'data-label': heads[i] }, cell))))))),
    note && h('p', { class: 'muted small' }, note));
}
