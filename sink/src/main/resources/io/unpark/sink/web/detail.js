import { get } from './api.js';
import { cause } from './cause.js';
import { h, replace } from './dom.js';
import { downloads } from './downloads.js';
import { ago, fact, label, number, time } from './format.js';
import { overTime } from './overtime.js';
import { pictures } from './picture.js';

/** One anomaly, for somebody who was woken by it: what, which line, what to do; then why that is so. */
export function page(place, id) {
  const body = h('div', {}, h('p', { class: 'muted' }, 'loading'));
  replace(place, h('a', { class: 'back', href: '#/', 'data-key': 'back' }, '← All anomalies'), body);
  let offer = { retry: true, show: () => h('p', { class: 'muted' }, 'looking for it') };
  let history = () => undefined;
  let seen;
  return async () => {
    const item = await get(`anomalies/${encodeURIComponent(id)}`);
    document.title = `${item.kind} in ${item.service} – Unpark`;
    // The words first: sizes and charts take longer.
    replace(body, view(item, offer.show(), history()));
    if (seen !== item.last_seen) {
      seen = item.last_seen;
      history = await overTime(item);
    }
    if (offer.retry) offer = await downloads(id);
    replace(body, view(item, offer.show(), history()));
  };
}

function view(item, offer, history) {
  return [
    h('p', { class: 'pills' },
      h('span', { class: `pill ${item.severity}` }, item.severity),
      h('span', { class: `pill ${item.state.toLowerCase()}` }, item.state.toLowerCase()),
      h('span', { class: 'pill' }, item.confidence),
      h('span', { class: 'pill mono' }, item.kind)),
    h('h1', {}, item.summary),
    h('p', { class: 'lead' }, `${item.service}${item.route ? ` ${item.route}` : ''}, seen ${ago(item.last_seen) || 'at a time that is not known'}, count ${number(item.count)}.`),
    h('div', { class: 'detail' },
      h('div', { class: 'stackv' }, lines(item), advice(item.advice), pictures(item), cause(item.cause), history, evidence(item.evidence)),
      h('div', { class: 'stackv' }, tools(item, offer), facts(item), instances(item), share(item))),
  ];
}

/** Where to look; the first is the one to open. */
function lines(item) {
  const own = (stack) => (Array.isArray(stack) ? stack.find((frame) => /^main\.|[/.].*\/.* /.test(frame)) : undefined);
  const more = [
    ['The caller, whose line is to be changed', item.evidence.caller],
    ['Who holds the lock', own(item.evidence.holder_stack)],
    ['The root', item.evidence.root_line],
    ['What other requests wait for, too', item.evidence.shared_line],
    [item.kind === 'blocked_too_long' ? 'Waits in' : 'Started by', item.creation_site],
  ].filter(([, text]) => text && text !== 'not known');
  const place = item.line > 0 ? `${item.file}:${item.line}` : item.file;
  return h('section', { class: 'card pad the-line' }, h('h2', {}, 'The line'),
    h('p', { class: 'mono place' }, place || item.site),
    place && h('p', {}, 'in ', h('span', { class: 'mono' }, item.site)),
    more.length > 0 && h('dl', { class: 'facts more' }, more.map(([name, text]) => [h('dt', {}, name), h('dd', { class: 'mono' }, text)])));
}

function advice(it) {
  return h('section', { class: 'card pad advice' }, h('h2', {}, 'What to do'),
    h('p', {}, it.fix),
    h('p', {}, h('strong', {}, 'Next tool: '), it.next_tool),
    it.doc && h('p', { class: 'muted small' }, 'About this kind: ', h('code', {}, it.doc)));
}

function tools(item, offer) {
  const query = { anomaly: item.id, route: item.route, search: item.site };
  return h('section', { class: 'card pad' }, h('h2', {}, 'Look closer'),
    offer,
    h('ul', { class: 'closer' },
      item.evidence.request && h('li', {}, 'A request that shows it: ', h('a', { href: `#/request/${encodeURIComponent(item.evidence.request)}`, 'data-key': 'request' }, 'Its way through the services')),
      item.kind !== 'data_race' && h('li', {}, h('a', { href: `#/flame?${new URLSearchParams(Object.entries(query).filter(([, value]) => value))}`, 'data-key': 'flame-graph' }, 'Flame graph'), ': where goroutines were blocked'),
      h('li', {}, h('a', { href: service(item), 'data-key': 'service' }, item.service), ': the service over time')));
}

const service = (item, instance) => `#/service/${encodeURIComponent(item.service)}?${new URLSearchParams(Object.entries({ namespace: item.namespace, instance }).filter(([, value]) => value))}`;

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
    ['Route', item.route], ['Function', item.site],
    ['Count', number(item.count)],
    ['First seen', item.first_seen && `${time(item.first_seen)}`],
    ['Last seen', item.last_seen && `${time(item.last_seen)} (${ago(item.last_seen)})`],
    ['Id', item.id],
  ].filter(([, value]) => value);
  return h('section', { class: 'card pad' }, h('h2', {}, 'Where and when'),
    h('dl', { class: 'facts' }, list.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])));
}

/** Names of the first twenty are kept; the worst example's is always there. */
function instances(item) {
  const names = [...new Set([item.instance, ...(item.evidence.instance_names ?? [])])].filter(Boolean);
  const all = Math.max(names.length, item.evidence.instances ?? 0);
  return h('section', { class: 'card pad' }, h('h2', {}, all === 1 ? 'Instance' : `Instances: ${number(all)}`),
    h('ul', { class: 'instances' }, names.map((name) => h('li', {}, h('a', { href: service(item, name), class: 'mono' }, name), name === item.instance && all > 1 && ' (worst example)'))),
    all > names.length && h('p', { class: 'muted small' }, `and ${number(all - names.length)} more`));
}

function share(item) {
  const link = `${location.origin}${location.pathname}#/anomaly/${encodeURIComponent(item.id)}`;
  const field = h('input', { readonly: true, value: link, 'aria-label': 'Link to this anomaly', 'data-key': 'link', onfocus: (event) => event.target.select() });
  const said = h('span', { class: 'muted small', role: 'status' });
  const copy = async () => {
    field.select();
    // Without TLS browsers give no clipboard: then it is selected, to be copied by hand.
    await navigator.clipboard?.writeText(link).then(() => { said.textContent = 'copied'; }, () => {});
  };
  return h('section', { class: 'card pad' }, h('h2', {}, 'Link to share'),
    h('div', { class: 'share' }, field, h('button', { type: 'button', 'data-key': 'copy', onclick: copy }, 'Copy')), said);
}
