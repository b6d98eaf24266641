import { get } from './api.js';
import { arrows } from './arrows.js';
import { cause } from './cause.js';
import { h, replace, svg } from './dom.js';
import { duration, number, time } from './format.js';
import { userFrame } from './frames.js';
import { deadline, deadlineOfAll, scale } from './scale.js';
import { bar, key, palette, parts, words } from './split.js';

/** One request over the services it passed. */
export function page(place, id) {
  const body = h('div', {}, h('p', { class: 'muted' }, 'loading'));
  replace(place, h('a', { class: 'back', href: '#/', 'data-key': 'back' }, '← All anomalies'), body);
  return async () => {
    const request = await get(`requests/${encodeURIComponent(id)}`);
    document.title = 'Request – Unpark';
    replace(body, view(request));
  };
}

function view(request) {
  const hops = tree(request.segments);
  if (!hops.length) {
    return [h('h1', {}, 'Request'), h('p', { class: 'lead mono' }, request.request_id),
      h('div', { class: 'card empty' }, h('b', {}, 'No part of it is kept'), 'Its services’ parts have not come in.')];
  }
  const { segment } = hops[0];
  const colours = palette(hops.map((hop) => hop.segment.split));
  const services = new Set(hops.map((hop) => hop.segment.instance.service)).size;
  return [
    h('h1', {}, `${segment.route || 'A request'} of ${segment.instance.service}: ${took(segment)}`),
    h('p', { class: 'lead' }, `${time(new Date(segment.start_ns / 1e6).toISOString())}, ${number(hops.length)} ${hops.length === 1 ? 'part' : 'parts'} in ${number(services)} ${services === 1 ? 'service' : 'services'}. `,
      h('span', { class: 'mono' }, request.request_id), ' ',
      h('a', { href: `#/flame?request=${encodeURIComponent(request.request_id)}`, 'data-key': 'flame-graph' }, 'Its waits as a flame graph')),
    h('div', { class: 'stackv' }, waterfall(hops, request.left_out, colours), arrows(hops, colours), budget(hops), cause(request.chain), waits(hops)),
  ];
}

const took = (segment) => `${segment.start_truncated || segment.end_truncated ? 'at least ' : ''}${duration(segment.end_ns - segment.start_ns)}`;

/** Callers before those they called: [{segment, depth}…]. A caller that is not here, or a ring of callers, ends at depth 0. */
function tree(segments) {
  const callers = new Map(segments.flatMap((caller) => caller.calls.filter((call) => call.span_id).map((call) => [call.span_id, caller])));
  const caller = (segment) => {
    const found = segment.parent_span_id && callers.get(segment.parent_span_id);
    return found === segment ? undefined : found;
  };
  const hops = [];
  const seen = new Set();
  const add = (segment, depth) => {
    if (seen.has(segment)) return;
    seen.add(segment);
    hops.push({ segment, depth });
    segments.filter((other) => caller(other) === segment).forEach((other) => add(other, depth + 1));
  };
  segments.filter((segment) => !caller(segment)).forEach((segment) => add(segment, 0));
  segments.forEach((segment) => add(segment, 0));
  return hops;
}

function waterfall(hops, leftOut, colours) {
  const segments = hops.map((hop) => hop.segment);
  const { from, to, at, shows } = scale(segments);
  const limit = deadlineOfAll(hops);
  const splits = segments.map((segment) => segment.split);
  return h('section', { class: 'card pad' }, h('h2', {}, 'Where the time went'),
    key(splits, colours),
    h('div', { class: 'over' },
      h('ol', { class: 'waterfall' }, hops.map((hop) => row(hop, from, to, at, colours))),
      shows(limit) && svg('svg', { class: 'limit', viewBox: '0 0 1000 100', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
        svg('line', { x1: at(limit) * 1000, x2: at(limit) * 1000, y1: 0, y2: 100 }))),
    shows(limit) && h('p', { class: 'muted small', id: 'deadline' }, `The vertical line is the request’s deadline, ${duration(limit - from)} after the first start.`),
    h('p', { class: 'axis muted small' }, h('span', {}, '0'), h('span', {}, duration(to - from))),
    h('p', { class: 'muted small' }, 'The parts of a bar are shares of its time, not moments. Beneath it are its longest waits, when they were. ',
      segments.some(deadline) && 'The dashed mark on a bar is its own deadline, the solid one where it passed or the request was cancelled.'),
    leftOut > 0 && h('p', { class: 'muted small' }, `${number(leftOut)} more parts are not kept.`));
}

function row({ segment, depth }, from, to, at, colours) {
  const some = parts(segment.split, colours);
  const limit = deadline(segment);
  const marks = [limit > from && limit <= to && { at: at(limit), kind: 'deadline' }, segment.expired_ns > 0 && { at: at(segment.expired_ns), kind: 'expired' }].filter(Boolean);
  const lanes = segment.waits.map((wait) => ({
    from: at(wait.start_ns), to: at(wait.start_ns + wait.duration_ns), colour: colours.get(wait.reason) ?? 'rest', name: `${wait.reason}: ${duration(wait.duration_ns)}`,
  }));
  const begin = `from ${duration(Math.max(0, segment.start_ns - from))}, ${took(segment)}`;
  return h('li', { class: `depth-${Math.min(depth, 8)}` },
    h('p', { class: 'hop' }, h('strong', {}, segment.instance.service), h('span', { class: 'mono' }, segment.route), h('span', { class: 'muted small' }, begin)),
    bar(some, at(segment.start_ns), at(segment.end_ns), { marks, lanes, text: `${segment.instance.service} ${segment.route}: ${begin}; ${words(some)}` }),
    h('p', { class: 'muted small' }, words(some) || 'how it spent its time is not known'));
}

function budget(hops) {
  if (!hops.some(({ segment }) => deadline(segment) || segment.calls.some((call) => call.context_deadline_ns || call.header_deadline_ns))) {
    return h('section', { class: 'card pad' }, h('h2', {}, 'Deadlines'), h('p', { class: 'muted' }, 'No part of it is known to have one.'));
  }
  const rows = hops.flatMap(({ segment, depth }) => [inside(segment, depth), ...segment.calls.map((call) => outgoing(call, depth + 1))]);
  return table('Deadlines, hop by hop', ['Hop', 'Budget at its start', 'It took', 'Left at its end'], rows);
}

const left = (limit, ns) => (ns <= limit ? duration(limit - ns) : `${duration(ns - limit)} too late`);

function inside(segment, depth) {
  const limit = deadline(segment);
  const asked = segment.header_deadline_ns > 0 && segment.context_deadline_ns > segment.header_deadline_ns && ', though its context allowed more';
  return [h('span', { class: `depth-${Math.min(depth, 8)}` }, h('strong', {}, segment.instance.service), ' ', h('span', { class: 'mono' }, segment.route)),
    limit ? [left(limit, segment.start_ns), asked] : 'none', took(segment), limit ? left(limit, segment.end_ns) : '–'];
}

function outgoing(call, depth) {
  const limit = call.context_deadline_ns;
  const told = call.header_deadline_ns > 0 ? '' : limit ? ', not told to the callee' : '';
  return [h('span', { class: `muted depth-${Math.min(depth, 8)}` }, 'call to ', h('span', { class: 'mono' }, `${call.peer} ${call.route}`), call.detached && ', whose context is not the request’s'),
    `${limit ? left(limit, call.start_ns) : 'none'}${told}`, call.end_ns ? duration(call.end_ns - call.start_ns) : 'not known', limit && call.end_ns ? left(limit, call.end_ns) : '–'];
}

const WAITS_MAX = 20;

function waits(hops) {
  const all = hops.flatMap(({ segment }) => segment.waits.map((wait) => ({ segment, wait })));
  all.sort((a, b) => b.wait.duration_ns - a.wait.duration_ns);
  return all.length > 0 && table('Longest waits, and who ended them', ['Waited', 'For', 'Where', 'Woken by'], all.slice(0, WAITS_MAX).map(({ segment, wait }) => [
    `${wait.at_least ? 'at least ' : ''}${duration(wait.duration_ns)}`, wait.reason, [h('strong', {}, segment.instance.service), ' ', frame(wait.stack)],
    wait.waker_goroutine >= 0 ? [`goroutine ${wait.waker_goroutine} `, frame(wait.waker_stack)] : 'a timer, the network, or not known']));
}

function frame(stack) {
  const first = userFrame(stack);
  return first && h('span', { class: 'mono' }, `${first.function}${first.file ? ` ${first.file}${first.line ? `:${first.line}` : ''}` : ''}`);
}

function table(title, heads, rows) {
  return h('section', { class: 'card pad' }, h('h2', {}, title),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title }, h('table', { class: 'cards' },
      h('thead', {}, h('tr', {}, heads.map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, rows.map((cells) => h('tr', {}, cells.map((cell, i) => h('td', { 'data-label': heads[i] }, cell))))))));
}
