import { anomalies, get } from './api.js';
import { h, replace } from './dom.js';
import { ago, base, number, time } from './format.js';

const SEVERITIES = ['critical', 'warning', 'info'];
const FILTERS = ['service', 'kind', 'severity', 'state'];
const kindsSeen = new Set();
let services;

/** The list. `parameters` are the filters, as in the address; `go` changes them. */
export function page(place, parameters, go) {
  const filters = h('div', { class: 'filters' });
  const tiles = h('div', { class: 'tiles' });
  const list = h('div');
  let pages = 1;
  const more = () => {
    pages++;
    place.dispatchEvent(new Event('refresh'));
  };
  replace(place,
    h('h1', {}, 'Anomalies'),
    h('p', { class: 'lead' }, 'Why requests were slow or stuck, and the line to look at. The worst come first.'),
    tiles, filters, list);
  return async () => {
    const asked = get('services');
    // It is waited for below; when the list fails, that is what there is to say.
    asked.catch(() => {});
    const found = await anomalies(parameters, pages);
    const head = () => {
      replace(filters, filterBar(parameters, services ?? [], go));
      replace(tiles, summary(parameters, found.open, services));
    };
    [...found.open, ...found.items].forEach(({ kind }) => kindsSeen.add(kind));
    head();
    if (found.items.length) replace(list, table(found, more));
    services = (await asked).items;
    head();
    if (!found.items.length) replace(list, nothing(parameters, services));
  };
}

/** `open` has all kinds and severities. */
function summary({ kind, severity, state }, open, services) {
  const counted = open.filter((some) => state !== 'resolved' && (!kind || some.kind === kind) && (!severity || some.severity === severity));
  const tile = (name, count, words) => h('div', { class: `tile card ${name}` }, h('b', {}, count), h('span', {}, words));
  return [
    ...SEVERITIES.map((s) => tile(s, number(counted.reduce((sum, some) => sum + (some.severity === s ? some.count : 0), 0)), `${s}, open`)),
    tile('', services ? number(services.length) : '…', services?.length === 1 ? 'service watched' : 'services watched'),
  ];
}

function filterBar(parameters, services, go) {
  const choices = {
    service: [...new Set(services.map((s) => s.service))].sort(),
    kind: [...kindsSeen].sort(),
    severity: SEVERITIES,
    state: ['open', 'resolved'],
  };
  const bar = FILTERS.map((name) => {
    const values = new Set(choices[name]);
    if (parameters[name]) values.add(parameters[name]);
    const option = (value, text) => h('option', { value, selected: (parameters[name] ?? '') === value }, text);
    return h('label', {}, name,
      h('select', { 'data-key': `filter-${name}`, onchange: (e) => go({ ...parameters, [name]: e.target.value }) },
        option('', 'any'), [...values].map((value) => option(value, value))));
  });
  bar.push(h('label', { class: 'check' },
    h('input', { type: 'checkbox', 'data-key': 'filter-all', checked: parameters.all === 'true', onchange: (e) => go({ ...parameters, all: e.target.checked ? 'true' : '' }) }),
    'also possible ones'));
  if (Object.values(parameters).some(Boolean)) {
    bar.push(h('button', { type: 'button', 'data-key': 'filter-clear', onclick: () => go({}) }, 'Clear filters'));
  }
  return bar;
}

function table({ items, more }, showMore) {
  return [
    h('div', { class: 'card' }, h('table', { class: 'anomalies' },
      h('thead', {}, h('tr', {},
        h('th', { scope: 'col' }, 'Severity and kind'), h('th', { scope: 'col' }, 'What, and what to do'),
        h('th', { scope: 'col' }, 'Where'), h('th', { scope: 'col', class: 'num' }, 'Count'), h('th', { scope: 'col', class: 'num' }, 'Last seen'))),
      h('tbody', {}, items.map(row)))),
    more && h('p', { class: 'more' }, h('button', { type: 'button', 'data-key': 'more', onclick: showMore }, 'Show more'),
      h('span', { class: 'muted small' }, `The worst ${number(items.length)} are shown.`)),
  ];
}

function row(item) {
  const line = item.line > 0 ? `${base(item.file)}:${item.line}` : item.file;
  return h('tr', { class: item.state === 'RESOLVED' ? 'resolved-row' : '' },
    h('td', {}, h('span', { class: `pill ${item.severity}` }, item.severity), h('span', { class: 'kind' }, item.kind)),
    h('td', { class: 'what' },
      h('a', { href: `#/anomaly/${encodeURIComponent(item.id)}`, 'data-key': item.id }, item.summary),
      h('p', { class: 'fix' }, item.advice.fix)),
    h('td', { class: 'where' }, h('strong', {}, item.service), h('span', { class: 'mono', title: item.file }, line), h('span', { class: 'mono' }, item.site)),
    h('td', { class: 'num', 'data-label': 'Count' }, number(item.count)),
    h('td', { class: 'num', 'data-label': 'Last seen', title: time(item.last_seen) }, ago(item.last_seen),
      item.state === 'RESOLVED' && h('span', { class: 'kind' }, 'resolved')));
}

function nothing(parameters, services) {
  if (Object.values(parameters).some(Boolean)) {
    return h('div', { class: 'card empty' }, h('b', {}, 'Nothing matches these filters'), 'Clear them to see everything.');
  }
  if (services.length) {
    return h('div', { class: 'card empty' }, h('b', {}, 'All quiet'), `${services.length} services are watched, and nothing is wrong with them.`);
  }
  return h('div', { class: 'card empty' }, h('b', {}, 'Nothing has come in yet'), 'Send an execution trace of a Go service:',
    h('code', {}, `curl --data-binary @trace.out '${location.origin}/ingest/v1/trace?service=orders'`));
}
