// Numbers and times for people.

const UNITS = [[60e9, 'min'], [1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']];

export function duration(ns) {
  // What rounds to 1,000 of a unit is 1 of the next.
  const [size, unit] = UNITS.find(([s]) => Math.abs(ns) >= s * 0.9995) ?? UNITS[4];
  const value = ns / size;
  return `${value >= 100 ? value.toFixed(0) : Number(value.toPrecision(3))} ${unit}`;
}

export function bytes(count) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, count)) / 10));
  return `${Number((count / 1024 ** power).toPrecision(3))} ${units[power]}`;
}

export const number = (value) => Number(value).toLocaleString('en-US');

/** By the unit in the name of a fact. */
export function fact(name, value) {
  if (typeof value !== 'number') return String(value);
  if (name.endsWith('_unix_ns')) return time(new Date(value / 1e6).toISOString());
  if (name.endsWith('_ns')) return duration(value);
  if (name.endsWith('_bytes')) return bytes(value);
  if (name.endsWith('_permille')) return `${value / 10} %`;
  if (name.endsWith('_percent')) return `${value} %`;
  return number(value);
}

export const label = (name) => name.replace(/_(ns|bytes|permille|percent)$/, '').replaceAll('_', ' ');

export function time(iso) {
  return iso ? `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC` : 'not known';
}

export function ago(iso) {
  if (!iso) return '';
  const s = (Date.now() - Date.parse(iso)) / 1000;
  if (s < 0) return 'just now';
  if (s < 90) return `${Math.round(s)} s ago`;
  if (s < 5400) return `${Math.round(s / 60)} min ago`;
  if (s < 129600) return `${Math.round(s / 3600)} h ago`;
  return `${Math.round(s / 86400)} days ago`;
}

/** The last part of a path: the whole one is in the details. */
export const base = (path) => path.slice(path.lastIndexOf('/') + 1);
