import { get } from './api.js';
import { h, replace } from './dom.js';
import { number, time } from './format.js';

/** What goes through, what waits, what was refused, and which detectors failed. */
export function page(place) {
  const body = h('div', { class: 'stackv' });
  replace(place, h('h1', {}, 'Status'), h('p', { class: 'lead' }, 'What came in, what waits, and what was refused and why.'), body);
  return async () => {
    const status = await get('status');
    replace(body,
      status.error && h('div', { class: 'card error', role: 'alert' }, `Being tried again: ${status.error}`),
      status.detector_faults?.length > 0 && faults(status.detector_faults),
      topics(status),
      table('Refused input', status.refused, ['Where', 'Reason', 'Count', 'Last'], (r) => [r.where, r.reason, number(r.count), time(r.last)], 'Nothing was refused.'),
      table('Skipped records', status.bad_records, ['Record', 'Reason', 'At'], (r) => [`${r.topic}-${r.partition}@${r.offset}`, r.reason, time(r.at)], 'None was skipped.'),
      status.notifications?.length > 0 && notifications(status.notifications),
      status.topologies && topologies(status.topologies),
      slices(status.slices));
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

/** After its first failures a detector is left out for a while; what it would have looked at is counted. */
function faults(items) {
  return table('Detectors that fail', items, ['Detector', 'Failures', 'Not judged meanwhile', 'First', 'Last'],
    (f) => [f.detector, number(f.count), number(f.skipped ?? 0), f.first ?? '', f.last ?? ''], '');
}

/** What waits in the outbox, and who does not take it. */
function notifications(receivers) {
  const dropped = (r) => Object.values(r.dropped ?? {}).reduce((a, b) => a + b, 0);
  const state = (r) => {
    if (r.last_error) return `${number(r.failures_in_a_row)} failures in a row, again at ${time(r.next_attempt)}: ${r.last_error}`;
    return r.configured ? 'fine' : 'not configured any more';
  };
  return table('Notifications', receivers, ['Receiver', 'Waiting', 'Oldest', 'Sent', 'Attempts that failed', 'Dropped', 'State'],
    (r) => [r.receiver, number(r.pending), r.oldest ? time(r.oldest) : '', number(r.sent), number(r.failed), number(dropped(r)), state(r)], '');
}

function topologies(it) {
  const rows = [
    ['State', it.failure ? `${it.state}: ${it.failure}` : it.state],
    ...[['generations', 'Generations decoded'], ['race_reports', 'Race reports'], ['profiles', 'Profiles'], ['findings', 'Findings'],
      ['anomalies', 'Anomalies'], ['dead_letters', 'Dead letters'], ['duplicate_generations', 'Generations that came again'],
      ['replaced_threads', 'Threads replaced after an error']].filter(([key]) => it[key] !== undefined).map(([key, words]) => [words, number(it[key])]),
    ...counts('Let go at a limit', it.let_go), ...counts('Left out', it.left_out),
  ];
  return h('div', { class: 'stackv' },
    table('Topologies', rows, ['What', 'How many'], (row) => row, ''),
    it.dead_letters > 0 && h('p', { class: 'muted small' }, 'Dead letters are kept: ', h('code', {}, 'unpark dlq list'), ' shows why, ', h('code', {}, 'unpark dlq redrive'), ' sends them again.'));
}

/** Counts by name; a list of texts or anything else is left to the API. */
const counts = (words, values) => Object.entries(values ?? {})
  .filter(([, value]) => typeof value === 'number' && value > 0)
  .map(([name, value]) => [`${words}: ${name.replaceAll('_', ' ')}`, number(value)]);

function slices(kept) {
  return h('section', { class: 'card pad' }, h('h2', {}, 'Trace slices'),
    h('p', { class: 'muted' }, `${number(kept.ready)} kept, ${number(kept.pending)} being copied, ${number(kept.gone)} could not be kept.`));
}

function table(title, items, heads, cells, none) {
  return h('section', { class: 'card' }, h('div', { class: 'pad' }, h('h2', {}, title),
    items.length === 0 ? h('p', { class: 'muted' }, none)
      : h('div', { class: 'scroll', tabindex: '0', 'aria-label': title }, h('table', {},
        h('thead', {}, h('tr', {}, heads.map((head) => h('th', { scope: 'col' }, head)))),
        h('tbody', {}, items.map((item) => h('tr', {}, cells(item).map((cell) => h('td', {}, cell)))))))));
}
