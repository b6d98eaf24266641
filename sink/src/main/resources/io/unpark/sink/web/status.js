import { get } from './api.js';
import { h, replace } from './dom.js';
import { number, time } from './format.js';

/** What goes through, what waits, what was refused. */
export function page(place) {
  const body = h('div', { class: 'stackv' });
  replace(place, h('h1', {}, 'Status'), h('p', { class: 'lead' }, 'What came in, what waits, and what was refused and why.'), body);
  return async () => {
    const status = await get('status');
    replace(body,
      status.error && h('div', { class: 'card error', role: 'alert' }, `Being tried again: ${status.error}`),
      topics(status), slices(status.slices),
      table('Refused input', status.refused, ['Where', 'Reason', 'Count', 'Last'], (r) => [r.where, r.reason, number(r.count), time(r.last)], 'Nothing was refused.'),
      table('Skipped records', status.bad_records, ['Record', 'Reason', 'At'], (r) => [`${r.topic}-${r.partition}@${r.offset}`, r.reason, time(r.at)], 'None was skipped.'));
  };
}

function topics(status) {
  const lag = new Map();
  status.lag.forEach((p) => lag.set(p.topic, (lag.get(p.topic) ?? 0) + (p.lag ?? 0)));
  const seen = new Map(status.topics.map((t) => [t.topic, t]));
  return table('Topics', [...lag], ['Topic', 'Lag', 'Records', 'A second', 'Skipped'], ([topic, waiting]) => {
    const t = seen.get(topic) ?? { records: 0, per_second: 0, bad: 0 };
    return [topic, number(waiting), number(t.records), t.per_second.toFixed(1), number(t.bad)];
  }, 'The sink has not joined its group yet.');
}

function slices(counts) {
  return h('section', { class: 'card pad' }, h('h2', {}, 'Trace slices'),
    h('p', { class: 'muted' }, `${number(counts.ready)} kept, ${number(counts.pending)} being copied, ${number(counts.gone)} could not be kept.`));
}

function table(title, items, heads, cells, none) {
  return h('section', { class: 'card' }, h('div', { class: 'pad' }, h('h2', {}, title),
    items.length === 0 ? h('p', { class: 'muted' }, none)
      : h('div', { class: 'scroll', tabindex: '0', 'aria-label': title }, h('table', {},
        h('thead', {}, h('tr', {}, heads.map((head) => h('th', { scope: 'col' }, head)))),
        h('tbody', {}, items.map((item) => h('tr', {}, cells(item).map((cell) => h('td', {}, cell)))))))));
}
