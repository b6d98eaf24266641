import { get, sliceStatus } from './api.js';
import { h, replace } from './dom.js';
import { ago, duration, fact, label, number, time } from './format.js';

/** One anomaly. */
export function page(place, id) {
  const body = h('div', {}, h('p', { class: 'muted' }, 'loading'));
  replace(place, h('a', { class: 'back', href: '#/', 'data-key': 'back' }, '← All anomalies'), body);
  let offer;
  return async () => {
    const item = await get(`anomalies/${encodeURIComponent(id)}`);
    if (!offer || offer.retry) offer = await ask(id);
    document.title = `${item.kind} in ${item.service} – Unpark`;
    replace(body, view(item, offer.show()));
  };
}

/** What to say of the trace slice: {show, retry}. */
async function ask(id) {
  const status = await sliceStatus(id).catch(() => 0);
  if (status === 200) {
    return { show: () => [
      h('a', { class: 'download', href: `api/v1/anomalies/${encodeURIComponent(id)}/trace`, download: true, 'data-key': 'download' }, 'Download trace slice'),
      h('p', { class: 'muted small' }, 'Opens with ', h('code', {}, 'go tool trace'), '. The same for ',
        h('a', { href: `api/v1/anomalies/${encodeURIComponent(id)}/perfetto`, download: true, 'data-key': 'perfetto' }, 'Perfetto'), ' and, blocked time by stack, for ',
        h('a', { href: `api/v1/anomalies/${encodeURIComponent(id)}/pprof`, download: true, 'data-key': 'pprof' }, 'go tool pprof'), '.')] };
  }
  const why = await get(`anomalies/${encodeURIComponent(id)}/trace`).then(() => '', (error) => error.message);
  return { retry: status !== 410, show: () => h('p', { class: 'muted small' }, why) };
}

function view(item, slice) {
  return [
    h('p', { class: 'pills' },
      h('span', { class: `pill ${item.severity}` }, item.severity),
      h('span', { class: `pill ${item.state.toLowerCase()}` }, item.state.toLowerCase()),
      h('span', { class: 'pill' }, item.confidence),
      h('span', { class: 'pill mono' }, item.kind)),
    h('h1', {}, item.summary),
    h('p', { class: 'lead mono' }, item.line > 0 ? `${item.file}:${item.line}` : item.file),
    h('div', { class: 'detail' },
      h('div', { class: 'stackv' }, advice(item.advice), cause(item.cause), evidence(item.evidence)),
      h('div', { class: 'stackv' }, facts(item), h('section', { class: 'card pad' }, h('h2', {}, 'Trace'), slice))),
  ];
}

function advice(it) {
  return h('section', { class: 'card pad advice' }, h('h2', {}, 'What to do'),
    h('p', {}, it.fix),
    h('p', {}, h('strong', {}, 'Next tool: '), it.next_tool),
    it.doc && h('p', { class: 'muted small' }, 'About this kind: ', h('code', {}, it.doc)));
}

function cause(steps) {
  return steps.length > 0 && h('section', { class: 'card pad' },
    h('h2', {}, 'Why: from the symptom to the root'),
    h('ol', { class: 'chain' }, steps.map((step) => h('li', { class: `depth-${Math.min(step.depth ?? 0, 8)}` },
      h('p', {}, h('strong', {}, step.what), step.share_permille > 0 && ` · ${step.share_permille / 10} %`,
        step.duration_ns > 0 && ` · ${duration(step.duration_ns)} of its own`),
      h('p', { class: 'muted small' }, [step.service, step.route, step.reason].filter(Boolean).join(' · ')),
      step.function && h('p', { class: 'mono' }, step.function, step.file && ` ${step.file}${step.line ? `:${step.line}` : ''}`)))));
}

function evidence(values) {
  const entries = Object.entries(values).sort(([, a], [, b]) => Array.isArray(a) - Array.isArray(b));
  return h('section', { class: 'card pad' }, h('h2', {}, 'Evidence'),
    entries.length === 0 && h('p', { class: 'muted' }, 'None was kept.'),
    h('dl', { class: 'evidence' }, entries.map(([name, value]) => h('div', {},
      h('dt', {}, label(name)),
      h('dd', {}, Array.isArray(value) ? h('ol', { class: 'frames', tabindex: '0', 'aria-label': label(name) }, value.map((line) => h('li', {}, line))) : fact(name, value))))));
}

function facts(item) {
  const list = [
    ['Service', item.namespace ? `${item.namespace} / ${item.service}` : item.service],
    ['Instance', item.instance], ['Route', item.route], ['Function', item.site], [item.kind === 'blocked_too_long' ? 'Waits in' : 'Started by', item.creation_site],
    ['Count', number(item.count)],
    ['First seen', item.first_seen && `${time(item.first_seen)}`],
    ['Last seen', item.last_seen && `${time(item.last_seen)} (${ago(item.last_seen)})`],
    ['Id', item.id],
  ].filter(([, value]) => value);
  return h('section', { class: 'card pad' }, h('h2', {}, 'Where and when'),
    h('dl', { class: 'facts' }, list.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])));
}
