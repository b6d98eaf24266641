import { anomalies } from './api.js';
import { h, replace } from './dom.js';
import { ago, number, time } from './format.js';

const SEVERITIES = ['critical', 'warning', 'info'];
const NEW_MAX = 8;

/** Services and kinds at a glance, and what is new. */
export function page(place) {
  const body = h('div', { class: 'stackv' });
  replace(place, h('h1', {}, 'Overview'),
    h('p', { class: 'lead' }, 'Open anomalies of each service, by kind. The worst service comes first.'), body);
  return async () => {
    const { items, more } = await anomalies({ state: 'open' });
    document.title = 'Overview – Unpark';
    replace(body, items.length
      ? [matrix(items), more && h('p', { class: 'muted small' }, `The first ${number(items.length)} are counted.`), newest(items)]
      : h('div', { class: 'card empty' }, h('b', {}, 'Nothing is open'), 'No service has an anomaly that goes on.'));
  };
}

/** Smaller is worse: by severity, then by how many. */
const worst = (items) => Math.min(...items.map((item) => SEVERITIES.indexOf(item.severity)));
const badness = (a, b) => worst(a) - worst(b) || b.length - a.length;

function grouped(items, by) {
  const groups = new Map();
  items.forEach((item) => groups.set(by(item), [...groups.get(by(item)) ?? [], item]));
  return groups;
}

function matrix(items) {
  const kinds = [...grouped(items, (item) => item.kind)].sort(([a, m], [b, n]) => badness(m, n) || a.localeCompare(b)).map(([kind]) => kind);
  const services = [...grouped(items, (item) => item.service)].sort(([a, m], [b, n]) => badness(m, n) || a.localeCompare(b));
  return h('section', { class: 'card' }, h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Services by kinds' },
    h('table', { class: 'matrix cards' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Service'), kinds.map((kind) => h('th', { scope: 'col' }, kind.replaceAll('_', ' '))))),
      h('tbody', {}, services.map(([service, own]) => row(service, grouped(own, (item) => item.kind), kinds))))));
}

function row(service, byKind, kinds) {
  return h('tr', {}, h('th', { scope: 'row' }, h('a', { href: filter({ service }), 'data-key': `all-${service}` }, service)),
    kinds.map((kind) => {
      const items = byKind.get(kind);
      if (!items) return h('td', { class: 'none' }, '–');
      const severity = SEVERITIES[worst(items)];
      return h('td', { 'data-label': kind.replaceAll('_', ' ') }, h('a', {
        class: `pill ${severity}`, href: filter({ service, kind }), 'data-key': `${service}-${kind}`,
        'aria-label': `${items.length} ${kind.replaceAll('_', ' ')} in ${service}, ${severity}`,
      }, number(items.length)));
    }));
}

const filter = (parameters) => `#/?${new URLSearchParams({ ...parameters, state: 'open' })}`;

function newest(items) {
  const known = items.filter((item) => item.first_seen).sort((a, b) => b.first_seen.localeCompare(a.first_seen) || a.id.localeCompare(b.id));
  return h('section', { class: 'card pad' }, h('h2', {}, 'Newest'),
    h('ul', { class: 'newest' }, known.slice(0, NEW_MAX).map((item) => h('li', {},
      h('span', { class: `pill ${item.severity}` }, item.severity), ' ',
      h('a', { href: `#/anomaly/${encodeURIComponent(item.id)}`, 'data-key': `new-${item.id}` }, item.summary),
      h('p', { class: 'muted small', title: time(item.first_seen) }, `${item.service} · first seen ${ago(item.first_seen)}`)))));
}
