import { get } from './api.js';
import { h, replace, svg } from './dom.js';
import { ago, number, time } from './format.js';

// Comes while the server is asked.
const plotting = import('./plot.js');
const SEVERITIES = ['critical', 'warning', 'info'];
const SPARK = { width: 120, height: 26 };

/** Services and kinds at a glance, what is new, and what is getting worse. The server counts: this page reads a few kilobytes. */
export function page(place) {
  const body = h('div', { class: 'stackv' });
  replace(place, h('h1', {}, 'Overview'),
    h('p', { class: 'lead' }, 'Open anomalies of each service, by kind. The worst service comes first.'), body);
  return async () => {
    const [all, { layered }] = await Promise.all([get('overview'), plotting]);
    document.title = 'Overview – Unpark';
    replace(body, all.services.length
      ? [tiles(all), matrix(all), h('div', { class: 'charts' }, newest(all), growing(all)), opened(all, layered)]
      : [h('div', { class: 'card empty' }, h('b', {}, 'Nothing is open'), 'No service has an anomaly that goes on.'), opened(all, layered)]);
  };
}

function tiles({ open, services }) {
  const tile = (kind, count, words) => h('div', { class: `tile card ${kind}` }, h('b', {}, number(count)), h('span', {}, words));
  const fresh = services.flatMap((service) => service.cells).reduce((all, cell) => all + cell.new, 0);
  return h('div', { class: 'tiles' }, SEVERITIES.map((severity) => tile(severity, open[severity], `${severity}, open`)), tile('', fresh, 'new within a day'));
}

/** One cell for all severities of a kind: {open, fresh, severity}. */
function joined(cells) {
  const worst = SEVERITIES.find((severity) => cells.some((cell) => cell.severity === severity)) ?? 'info';
  const sum = (field) => cells.reduce((all, cell) => all + cell[field], 0);
  return { open: sum('open'), fresh: sum('new'), severity: worst };
}

/** Smaller is worse: by severity, then by how many. */
const badness = (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.open - a.open;

function matrix({ services, services_left_out: left }) {
  const cells = services.flatMap((service) => service.cells);
  const ofKind = (some, kind) => some.filter((cell) => cell.kind === kind);
  const kinds = [...new Set(cells.map((cell) => cell.kind))]
    .sort((a, b) => badness(joined(ofKind(cells, a)), joined(ofKind(cells, b))) || a.localeCompare(b));
  return h('section', { class: 'card' }, h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Services by kinds' },
    h('table', { class: 'matrix cards' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Service'), kinds.map((kind) => h('th', { scope: 'col' }, kind.replaceAll('_', ' '))))),
      h('tbody', {}, services.map(({ service, cells: own }) => row(service, (kind) => ofKind(own, kind), kinds))))),
  left > 0 && h('p', { class: 'muted small pad' }, `${number(left)} more services are not shown.`));
}

function row(service, ofKind, kinds) {
  return h('tr', {}, h('th', { scope: 'row' }, h('a', { href: filter({ service }), 'data-key': `all-${service}` }, service)),
    kinds.map((kind) => {
      const cells = ofKind(kind);
      if (!cells.length) return h('td', { class: 'none' }, '–');
      const { open, fresh, severity } = joined(cells);
      const words = kind.replaceAll('_', ' ');
      return h('td', { 'data-label': words }, h('a', {
        class: `pill ${severity}`, href: filter({ service, kind }), 'data-key': `${service}-${kind}`,
        'aria-label': `${open} ${words} in ${service}, ${severity}${fresh ? `, ${fresh} of them new` : ''}`,
      }, number(open)), fresh > 0 && h('span', { class: 'fresh' }, ` ${number(fresh)} new`));
    }));
}

const filter = (parameters) => `#/?${new URLSearchParams({ ...parameters, state: 'open' })}`;

function newest({ newest: items }) {
  return list('Newest', 'newest', items, (item) => `${item.service} · ${item.kind.replaceAll('_', ' ')} · first seen ${ago(item.first_seen)}`);
}

function growing({ growing: items }) {
  return list('Getting worse', 'growing', items, (item) => `${item.service} · from ${number(item.before)} to ${number(item.count)} within a day`,
    'Nothing that was there a day ago has grown.');
}

function list(title, name, items, words, none) {
  return h('section', { class: 'card pad' }, h('h2', {}, title), items.length === 0 && none && h('p', { class: 'muted' }, none),
    h('ul', { class: `newest ${name}` }, items.map((item) => h('li', {},
      h('span', { class: `pill ${item.severity}` }, item.severity), ' ',
      h('a', { href: `#/anomaly/${encodeURIComponent(item.id)}`, 'data-key': `${name}-${item.id}` }, item.summary),
      h('p', { class: 'muted small', title: time(item.first_seen) }, words(item), spark(item))))));
}

/** How the count went, hour by hour; the words beside it say from what to what. */
function spark({ counts }) {
  if (counts.length < 2) return false;
  const from = Date.parse(counts[0].hour);
  const to = Date.parse(counts.at(-1).hour);
  const top = Math.max(1, ...counts.map(({ count }) => count));
  const points = counts.map(({ hour, count }) => `${(SPARK.width * (Date.parse(hour) - from) / (to - from)).toFixed(1)} ${(SPARK.height - 2 - (SPARK.height - 4) * count / top).toFixed(1)}`);
  return svg('svg', { class: 'spark', viewBox: `0 0 ${SPARK.width} ${SPARK.height}`, role: 'img', 'aria-label': `count by hour: ${counts.map(({ count }) => count).join(', ')}` },
    svg('path', { d: `M${points.join('L')}` }));
}

function opened({ opened: hours }, layered) {
  const times = hours.map(({ hour }) => Date.parse(hour));
  const colours = { critical: '--critical', warning: '--warning', info: '--info' };
  const layers = SEVERITIES.map((name) => ({ name, colour: colours[name], values: hours.map((hour) => hour[name] ?? 0) }));
  const total = layers.flatMap((layer) => layer.values).reduce((a, b) => a + b, 0);
  return h('section', { class: 'card pad' }, h('h2', {}, 'Opened in each hour'),
    layered(`Anomalies that opened in each of the last 48 hours: ${number(total)}`, times, layers, number, { bars: true, tall: false }),
    h('ul', { class: 'key' }, layers.map(({ name, values }, i) => h('li', {}, svg('svg', { class: 'swatch', viewBox: '0 0 12 12', 'aria-hidden': 'true' },
      svg('circle', { class: `dot s${[3, 2, 1][i]}`, cx: 6, cy: 6, r: 5 })), name, h('b', {}, number(values.reduce((a, b) => a + b, 0)))))));
}
