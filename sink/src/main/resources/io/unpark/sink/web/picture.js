import { h, svg } from './dom.js';
import { bytes, duration, number } from './format.js';
import { bar, key, palette, parts, words } from './split.js';

// The evidence of an anomaly as pictures. Every number of a picture is there as text, too.

const PERMILLE = [
  ['explains_request_time_permille', (e) => `of the time of the service’s requests: ${number(e.explains_requests)} of ${number(e.explains_of_requests)}`],
  ['shared_route_time_permille', (e) => `of the route’s time: ${number(e.shared_by_requests)} of ${number(e.shared_of_requests)} requests share this root`],
  ['shared_time_of_all_routes_permille', (e) => `of the time of all routes: ${number(e.shared_by_requests_of_all_routes)} of ${number(e.shared_of_requests_of_all_routes)} requests`],
  ['root_permille', () => 'of this request is explained by its root'],
  ['gc_share_permille', () => 'of the CPU time used went to the collector'],
  ['gc_assist_permille', () => 'of it was taken from goroutines that allocate'],
  ['busy_permille', () => 'of the CPU time there is was used'],
];

/** By kind: [title, show, [name, field, colour]…]…; what the evidence does not have is left out. */
const BARS = {
  blocked_too_long: [['This wait, and what it may take', duration, ['the limit', 'limit_ns', 'rest'], ['this wait', 'waited_ns', 'b0'], ['all such waits of the request', 'waited_sum_ns', 'b1'], ['the whole request', 'request_ns', 'rest']]],
  slow_request: [['This request, and those before it', duration, ['usual at most (p99)', 'usual_p99_ns', 'rest'], ['this one', 'took_ns', 'b0'], ['what explains most of it', 'root_ns', 'b1']]],
  deadline_exceeded: [['Budget, and what it took', duration, ['until the deadline', 'budget_ns', 'rest'], ['it took', 'duration_ns', 'b0'], ['too late by', 'past_deadline_ns', 'stopped']]],
  deadline_not_propagated: [['What was left, and what the callee took', duration, ['left at the call', 'budget_ns', 'rest'], ['the callee took', 'callee_duration_ns', 'b0'], ['it ran', 'duration_ns', 'b0']]],
  deadline_extended: [['By how much', duration, ['beyond the request’s deadline', 'extended_by_ns', 'stopped'], ['it took', 'duration_ns', 'b0']]],
  missing_deadline: [['It took, without any deadline', duration, ['may take without one', 'limit_ns', 'rest'], ['it took', 'duration_ns', 'b0']]],
  work_after_deadline: [['After the deadline', duration, ['went on', 'late_ns', 'stopped'], ['of that on a CPU', 'cpu_after_expiry_ns', 'running']]],
  goroutine_leak: [['Started and ended', number, ['started', 'created', 'b0'], ['ended', 'ended', 'running'], ['stuck for good', 'count', 'stopped']], ['How long', duration, ['the longest wait', 'longest_wait_ns', 'b0']]],
  goroutine_surge: [['How many', number, ['ever before', 'usual_alive', 'rest'], ['now', 'alive', 'stopped'], ['of them waiting', 'waiting', 'b0']], ['How old', duration, ['usual life', 'usual_life_ns', 'rest'], ['half of them are older than', 'median_age_ns', 'b0'], ['the oldest', 'oldest_age_ns', 'b1']]],
  mutex_contention: [['Waits for the lock', duration, ['the longest', 'waited_max_ns', 'b0'], ['all together', 'waited_total_ns', 'b1']]],
  gc_pressure: [['CPU time', duration, ['all that was used', 'busy_ns', 'rest'], ['the collector’s workers', 'gc_worker_ns', 'gc'], ['assists', 'gc_assist_ns', 'stopped']], ['Heap', bytes, ['live', 'heap_live_bytes', 'b0'], ['goal of the collector', 'heap_goal_bytes', 'rest']]],
  heap_growth: [['Before and after', bytes, ['at first', 'in_use_first_bytes', 'rest'], ['at last', 'in_use_last_bytes', 'stopped'], ['goal at first', 'goal_first_bytes', 'rest'], ['goal at last', 'goal_last_bytes', 'stopped']]],
  sched_latency: [['Ready, but not run, for less than', duration, ['half of them (p50)', 'p50_below_ns', 'running'], ['90 % (p90)', 'p90_below_ns', 'runnable'], ['99 % (p99)', 'p99_below_ns', 'stopped']]],
  stw_pause: [['The world stood still', duration, ['the longest', 'longest_ns', 'stopped'], ['of that, until all had stopped', 'stopping_ns', 'runnable'], ['all of that second', 'sum_ns', 'b0']]],
};

/** Pictures that fit the kind; none when the evidence has no numbers for one. */
export function pictures(item) {
  const facts = { ...item.evidence, count: item.count };
  const figures = [
    ...(BARS[item.kind] ?? []).map(([title, show, ...rows]) => bars(title, show, rows.map(([name, field, colour]) => ({ name, value: facts[field], colour })))),
    bars('How much of the whole', (value) => `${value / 10} %`, PERMILLE.map(([field, name]) => ({ name: name(facts), value: facts[field], colour: 'b0' })), 1000),
    split('Where the request’s time went', item.evidence.time_split),
    ...hops(item.evidence.budget),
    sides(item.evidence),
  ].filter(Boolean);
  return figures.length > 0 && h('section', { class: 'card pad pictures' }, h('h2', {}, 'What was seen'), figures);
}

function bars(title, show, rows, most) {
  const known = rows.filter(({ value }) => typeof value === 'number' && value >= 0);
  const top = most ?? Math.max(1, ...known.map(({ value }) => value));
  return known.length > 0 && h('figure', {}, h('figcaption', {}, title),
    h('ul', { class: 'hbars' }, known.map(({ name, value, colour }) => h('li', {},
      h('span', {}, name), h('b', {}, show(value)),
      svg('svg', { class: 'hbar', 'aria-hidden': 'true' },
        svg('rect', { class: 'track', width: '100%', height: 12, rx: 3 }),
        svg('rect', { class: `part ${colour}`, width: `${Math.max(0.5, 100 * Math.min(1, value / top))}%`, height: 12, rx: 3 }))))));
}

const FIELDS = { running: 'running_ns', runnable: 'runnable_ns', syscall: 'syscall_ns', 'gc assist': 'gc_assist_ns', 'stop-the-world': 'stop_the_world_ns' };

/** `lines`: "running 123 ns", "blocked (select) 456 ns", and for a hop "downstream orders:8080 789 ns". */
function split(title, lines) {
  const sum = { blocked_ns: {} };
  for (const line of Array.isArray(lines) ? lines : []) {
    const [, name, ns] = /^(.+) (\d+) ns$/.exec(line) ?? [];
    if (name === undefined || name === 'total') continue;
    if (FIELDS[name]) sum[FIELDS[name]] = Number(ns);
    else sum.blocked_ns[/^blocked \((.*)\)$/.exec(name)?.[1] ?? name] = Number(ns);
  }
  const colours = palette([sum]);
  const some = parts(sum, colours);
  return some.length > 0 && h('figure', {}, h('figcaption', {}, title), key([sum], colours),
    bar(some, 0, 1, { text: `${title}: ${words(some)}` }), h('p', { class: 'muted small' }, words(some)));
}

/** A budget has lines of several hops: "orders GET /orders: running 123 ns". */
function hops(lines) {
  const byHop = new Map();
  for (const line of Array.isArray(lines) ? lines : []) {
    const at = line.lastIndexOf(': ');
    if (at > 0) byHop.set(line.slice(0, at), [...(byHop.get(line.slice(0, at)) ?? []), line.slice(at + 2)]);
  }
  return [...byHop].map(([hop, its]) => split(`Where the time went in ${hop}`, its));
}

/** The two sides of a race beside each other. */
function sides({ sites, operations, goroutines, stack_1: first, stack_2: second }) {
  if (!Array.isArray(sites) || !Array.isArray(operations)) return undefined;
  return h('figure', {}, h('figcaption', {}, 'Two goroutines at once, nothing between them'),
    h('div', { class: 'sides' }, operations.map((operation, i) => h('div', {},
      h('p', {}, h('strong', {}, operation), goroutines?.[i] && ` by goroutine ${goroutines[i]}`),
      h('p', { class: 'mono' }, sites[i] ?? ''),
      h('ol', { class: 'frames', tabindex: '0', 'aria-label': `stack of the ${operation}` }, ([first, second][i] ?? []).map((line) => h('li', {}, line)))))));
}
