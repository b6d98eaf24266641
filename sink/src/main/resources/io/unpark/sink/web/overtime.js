import { get } from './api.js';
import { chart } from './chart.js';
import { h } from './dom.js';
import { bytes, duration, number } from './format.js';

// An anomaly over time: how many it stood for, and the measure of its service that shows it.

const MINUTE = 60_000;
const BEFORE = 5 * MINUTE;
const STEPS = [['', 15 * MINUTE], ['1m', 360 * MINUTE], ['1h', Infinity]];

const MEASURES = {
  goroutine_leak: ['Goroutines of the process', (w) => w.goroutines, number],
  goroutine_surge: ['Goroutines of the process', (w) => w.goroutines, number],
  gc_pressure: ['CPU time of the collector in each window', (w) => w.gc_worker_ns + w.gc_assist_ns, duration],
  heap_growth: ['Live heap of the process', (w) => w.heap_live_bytes, bytes],
  sched_latency: ['Ready, but not run: 99 % for less than', (w) => w.sched_latency?.p99_ns, duration],
  stw_pause: ['Longest stop of the world in each window', (w) => w.stop_the_world_max_ns, duration],
};

/** What to show of an item: asked for once, and again when it was seen again. */
export async function overTime(item) {
  const [counts, measure] = await Promise.all([counted(item), measured(item)]);
  const markers = [{ at: Date.parse(item.first_seen), text: 'first seen' }, { at: Date.parse(item.last_seen), text: 'last seen' }];
  return () => {
    const charts = [
      counts.length > 1 && chart('How many it stands for', [{ name: 'count', points: counts }], number),
      measure && chart(measure.title, [{ name: measure.title, points: measure.points }], measure.show, false, markers),
    ].filter(Boolean);
    return charts.length > 0 && h('section', { class: 'card pad pictures' }, h('h2', {}, 'Over time'), charts,
      measure && h('p', { class: 'muted small' }, 'The dashed lines are when it was first seen and when it was seen last.'));
  };
}

async function counted(item) {
  const long = Date.parse(item.last_seen) - Date.parse(item.first_seen) > 24 * 60 * MINUTE;
  const { items } = await get(`anomalies/${encodeURIComponent(item.id)}/counts`, { step: long ? '1h' : '1m' }).catch(() => ({ items: [] }));
  return items.map(({ start, count }) => [Date.parse(start), count]);
}

/** From the finest windows that are still kept. */
async function measured(item) {
  const [title, value, show] = MEASURES[item.kind] ?? (item.route ? [`Latency of ${item.route}: 99 % took less than`, undefined, duration] : []);
  if (!title || !item.first_seen) return undefined;
  const since = new Date(Date.parse(item.first_seen) - BEFORE).toISOString();
  const span = Date.parse(item.last_seen) - Date.parse(item.first_seen) + BEFORE;
  for (const [step] of STEPS.filter(([, most]) => span <= most)) {
    const windows = await get(`services/${encodeURIComponent(item.service)}/windows`, { namespace: item.namespace, since, step, limit: 2000 }).catch(() => undefined);
    const points = windows && (value ? ofProcess(windows.items, item, value) : ofRoute(windows.routes, item));
    if (points?.length > 1) return { title, show, points };
  }
  return undefined;
}

function ofProcess(items, item, value) {
  return items.filter((w) => (w.instance ?? item.instance) === item.instance && value(w) !== undefined).map((w) => [Date.parse(w.end), value(w)]).sort(([a], [b]) => a - b);
}

/** The worst of its processes at each time. */
function ofRoute(routes, item) {
  const worst = new Map();
  for (const w of routes.filter((it) => it.route === item.route && it.latency.count > 0)) {
    worst.set(Date.parse(w.end), Math.max(worst.get(Date.parse(w.end)) ?? 0, w.latency.p99_ns));
  }
  return [...worst].sort(([a], [b]) => a - b);
}
