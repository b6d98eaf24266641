// Windows of a service as its charts need them.

const COUNTED = ['gc_worker_ns', 'gc_assist_ns', 'gc_cycles', 'stop_the_world_ns', 'busy_ns', 'goroutines', 'heap_live_bytes', 'heap_goal_bytes'];
const QUANTILES = [['p50_ns', 500], ['p90_ns', 900], ['p99_ns', 990]];

/** Those of one time (of several processes, or versions) as one: sums, the longest stop, quantiles of all together. */
export function together(windows) {
  const byEnd = new Map();
  windows.forEach((window) => byEnd.set(window.end, [...byEnd.get(window.end) ?? [], window]));
  return [...byEnd.values()].map((some) => (some.length === 1 ? some[0] : joined(some)));
}

function joined(some) {
  const sum = { start: some[0].start, end: some[0].end, goroutines_by_creation: {} };
  for (const window of some) {
    for (const name of COUNTED) if (window[name] !== undefined) sum[name] = (sum[name] ?? 0) + window[name];
    for (const [site, count] of Object.entries(window.goroutines_by_creation ?? {})) {
      sum.goroutines_by_creation[site] = (sum.goroutines_by_creation[site] ?? 0) + count;
    }
  }
  sum.stop_the_world_max_ns = Math.max(...some.map((window) => window.stop_the_world_max_ns));
  sum.sched_latency = histogram(some.map((window) => window.sched_latency.buckets ?? {}));
  return sum;
}

/** Bucket i counts 2^i to 2^(i+1) nanoseconds; a quantile is the end of its bucket, as the server has it. */
function histogram(all) {
  const counts = new Map();
  all.forEach((buckets) => Object.entries(buckets).forEach(([i, count]) => counts.set(Number(i), (counts.get(Number(i)) ?? 0) + count)));
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const quantile = (permille) => {
    let left = Math.max(1, Math.ceil(total * permille / 1000));
    return 2 ** ((sorted.find(([, count]) => (left -= count) <= 0)?.[0] ?? -1) + 1);
  };
  return Object.fromEntries(QUANTILES.map(([name, permille]) => [name, total ? quantile(permille) : 0]));
}

/** [{version, at: time in ms}…] of the versions that came within the windows' time, the first ones left out. */
export function deploys(windows) {
  const first = new Map();
  for (const window of windows) {
    const at = Date.parse(window.start);
    const version = window.version ?? '';
    if (version && !(first.get(version) <= at)) first.set(version, at);
  }
  const begin = windows.reduce((least, window) => Math.min(least, Date.parse(window.start)), Infinity);
  return [...first].map(([version, at]) => ({ version, at })).filter(({ at }) => at > begin).sort((a, b) => a.at - b.at);
}
