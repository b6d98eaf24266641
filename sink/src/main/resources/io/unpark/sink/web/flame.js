import { get } from './api.js';
import { h, replace } from './dom.js';
import { picker } from './flamepicker.js';
import { flamegraph } from './flamegraph.js';
import { found, functions, matches, prepare, short } from './flametree.js';
import { duration, number, time } from './format.js';

const ROWS_MAX = 100;
const ANY = '*';

/** Where time was lost, by stack: of a service, a request or an anomaly; of one selection, or of two. */
export function page(place, parameters, go) {
  const body = h('div', {}, h('p', { class: 'muted' }, 'loading'));
  replace(place, back(parameters), body);
  let shown = false;
  // It is drawn once: a picture that changes while one reads it is of no use.
  return async () => {
    if (shown) return;
    const services = parameters.request || parameters.anomaly ? [] : (await get('services')).items;
    if (!parameters.request && !parameters.anomaly && !parameters.service) {
      body.replaceChildren(choice(services));
      shown = true;
      return;
    }
    const answer = await ask(parameters);
    shown = true;
    document.title = 'Flame graph – Unpark';
    body.replaceChildren(...view(answer, parameters, services, go));
  };
}

function back({ request, anomaly, service, namespace }) {
  if (request) return h('a', { class: 'back', href: `#/request/${encodeURIComponent(request)}`, 'data-key': 'back' }, '← The request');
  if (anomaly) return h('a', { class: 'back', href: `#/anomaly/${encodeURIComponent(anomaly)}`, 'data-key': 'back' }, '← The anomaly');
  if (!service) return h('a', { class: 'back', href: '#/services', 'data-key': 'back' }, '← All services');
  const query = new URLSearchParams(Object.entries({ namespace }).filter(([, value]) => value));
  return h('a', { class: 'back', href: `#/service/${encodeURIComponent(service)}?${query}`, 'data-key': 'back' }, `← ${service}`);
}

function ask({ request, anomaly, service, namespace, kind, route, version, since, until, against }) {
  if (request) return get(`requests/${encodeURIComponent(request)}/flame`);
  if (anomaly) return get(`anomalies/${encodeURIComponent(anomaly)}/flame`, { kind, route: route === 'all' ? '' : route });
  const within = route === 'all' ? '' : route ?? ANY;
  return get(`services/${encodeURIComponent(service)}/flame`, { namespace, kind, route: within, version, since, until, against });
}

function choice(services) {
  return h('div', {}, h('h1', {}, 'Flame graph'), h('p', { class: 'lead' }, 'Of which service?'),
    h('ul', { class: 'newest' }, services.map((item) => h('li', {},
      h('a', { href: `#/flame?${new URLSearchParams({ service: item.service, namespace: item.namespace })}` }, item.namespace ? `${item.namespace} / ${item.service}` : item.service)))));
}

function view(answer, parameters, services, go) {
  const root = prepare(answer);
  const measured = answer.kind === 'cpu' ? 'CPU time' : 'blocked time';
  const of = answer.request ? 'a request' : answer.anomaly ? `an anomaly of ${answer.service}` : answer.service;
  const head = [
    h('h1', {}, answer.against ? `What has changed in the ${measured} of ${of}` : `Where the ${measured} of ${of} went`),
    h('p', { class: 'lead' }, summary(answer)),
    picker(answer, parameters, services, go),
  ];
  if (root.weight === 0) return [...head, nothing(answer, parameters)];
  const says = (node) => words(node, root, answer);
  const graph = flamegraph(root, says);
  const hits = h('span', { class: 'muted small', role: 'status' });
  const rows = h('div', {});
  const look = (query) => {
    graph.search(query);
    const ns = query ? found(root, query) : 0;
    hits.textContent = query ? `${share(ns, root.ns)} of it is beneath what is found` : '';
    replace(rows, table(root, answer, query));
  };
  const field = h('input', { type: 'search', 'data-key': 'search', value: parameters.search ?? '', placeholder: 'function or reason',
    oninput: (event) => {
      look(event.target.value.trim());
      keep({ ...parameters, search: event.target.value.trim() });
    } });
  look((parameters.search ?? '').trim());
  return [...head,
    h('div', { class: 'stackv' }, h('section', { class: 'card pad flame-card' },
      h('div', { class: 'flame-tools' },
        h('label', {}, 'Find', field), hits,
        h('button', { type: 'button', 'data-key': 'zoom-out', onclick: graph.all }, 'Show all')),
      key(answer), graph.element,
      h('p', { class: 'muted small', id: 'flame-help' }, 'Click or Enter zooms in, Escape out; arrow keys move. Callers are above what they called; wider is longer.')),
    h('section', { class: 'card pad' }, h('h2', {}, 'The same as a table'),
      h('p', { class: 'muted small' }, 'Time in Go and libraries counts for the line of your code that led there.'), rows))];
}

/** The address says what is looked for, so that it can be shared; nothing is loaded again. */
function keep(parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  history.replaceState(null, '', `#/flame?${query}`);
}

const share = (ns, of) => `${of > 0 ? Number((100 * ns / of).toPrecision(3)) : 0} %`;

function summary(answer) {
  const { source, total_ns: ns, covered_ns: covered, count, other_ns: other } = answer;
  const what = answer.kind === 'cpu' ? `${duration(ns)} of CPU time, estimated from ${number(count)} samples` : `${duration(ns)} in ${number(count)} waits`;
  const when = source === 'windows' ? `, ${time(answer.since)} to ${time(answer.until)}` : '';
  return [
    source === 'request' ? `Its longest waits, summed: ${what}. Waits of different goroutines may be at the same time.`
      : `${what}, in ${duration(covered)} of traces${source === 'slice' ? ' around its worst example' : ''}${when}.`,
    answer.against && ` Compared with ${answer.against.version ? `version ${answer.against.version}` : `${time(answer.against.since)} to ${time(answer.against.until)}`}: ${duration(answer.against.total_ns)} in ${duration(answer.against.covered_ns)} of traces. Times are per second of traces.`,
    answer.why && ` It is of the whole service, because there is no slice of a trace: ${answer.why}`,
    other > 0 && ` ${duration(other)} more, of all routes, was in places too small to be kept one by one.`,
    answer.truncated && ' The time is long: the oldest part of it is left out.',
  ];
}

function nothing(answer, parameters) {
  const everything = answer.source === 'windows' && parameters.route !== 'all';
  const words = answer.kind === 'cpu' ? 'Traces have CPU samples only where a CPU profile runs beside them.' : 'No goroutine was seen to end a wait.';
  return h('div', { class: 'card empty' }, h('b', {}, 'Nothing of this kind was recorded'), words,
    everything && [' ', h('a', { href: `#/flame?${new URLSearchParams({ ...parameters, route: 'all' })}`, 'data-key': 'everything' }, 'Look outside requests, too.')]);
}

/** A node in words. In a comparison, times are per second of traces. */
function words(node, root, answer) {
  const place = node.file ? ` ${node.file}${node.line ? `:${node.line}` : ''}` : '';
  const name = node.reason ? `${node.name} (why it waited)` : `${node.name}${place}`;
  if (!answer.against) {
    return `${name}: ${duration(node.ns)}, ${share(node.ns, root.ns)}, ${number(node.count)} ${answer.kind === 'cpu' ? 'samples' : 'waits'}`;
  }
  return `${name}: ${rate(node.ns, answer)}, before ${rate(node.before, answer)}, ${changed(node.ns, node.before)}`;
}

const rate = (ns, answer) => `${duration(answer.covered_ns > 0 ? ns / answer.covered_ns * 1e9 : ns)}/s`;

function changed(ns, before) {
  if (before <= 0) return ns > 0 ? 'new' : '–';
  if (ns <= 0) return 'gone';
  const percent = 100 * (ns - before) / before;
  if (Math.abs(percent) < 0.5) return 'the same';
  return `${percent >= 0 ? '+' : '−'}${Math.abs(percent) >= 1000 ? number(Math.round(Math.abs(percent))) : Number(Math.abs(percent).toPrecision(2))} %`;
}

function key(answer) {
  const entries = answer.against ? [['more2', '+ more than before'], ['same', 'the same'], ['less2', '− less than before']]
    : [['own', 'your code'], ['go', 'Go and libraries'], ...(answer.kind === 'cpu' ? [] : [['reason', 'why it waited']])];
  return h('ul', { class: 'key flame-key' }, entries.map(([colour, name]) => h('li', {}, h('i', { class: colour, 'aria-hidden': 'true' }), name)));
}

function table(root, answer, query) {
  const all = functions(root).filter((row) => (!query && (row.self > 0 || row.selfBefore > 0)) || matches({ ...row, parent: root }, query) || [...row.reasons].some((reason) => matches({ name: reason, parent: root }, query)));
  const weight = (row) => Math.max(row.self, row.selfBefore);
  all.sort((a, b) => weight(b) - weight(a) || b.total - a.total || a.name.localeCompare(b.name));
  const heads = answer.against ? ['Function', 'In it', 'Before', 'Change', 'With what it called'] : ['Function', 'In it', 'With what it called', 'Share of all'];
  const cells = (row) => (answer.against
    ? [rate(row.self, answer), rate(row.selfBefore, answer), changed(row.self, row.selfBefore), `${rate(row.total, answer)}, before ${rate(row.totalBefore, answer)}, ${changed(row.total, row.totalBefore)}`]
    : [duration(row.self), duration(row.total), share(row.total, root.ns)]);
  return [
    all.length === 0 && h('p', { class: 'muted' }, 'No function is called that.'),
    all.length > 0 && h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Functions' }, h('table', { class: 'cards flame-table' },
      h('thead', {}, h('tr', {}, heads.map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, all.slice(0, ROWS_MAX).map((row) => h('tr', {},
        h('td', {}, h('span', { class: row.own ? 'mono own' : 'mono', title: row.name }, short(row.name)),
          row.file && h('span', { class: 'mono muted place' }, `${row.file}${row.line ? `:${row.line}` : ''}`),
          row.reasons.size > 0 && h('span', { class: 'muted small' }, [...row.reasons].join(', '))),
        cells(row).map((cell, i) => h('td', { 'data-label': heads[i + 1] }, cell))))))),
    all.length > ROWS_MAX && h('p', { class: 'muted small' }, `The first ${ROWS_MAX} of ${number(all.length)} functions; the search finds the others.`),
  ].filter(Boolean);
}
