// The time of a request from left to right, for all of its pictures.

const DEADLINE_SHOWN = 1.5;

/** The sooner of what the header asked for and what the context had; 0 when there is none. */
export function deadline(segment) {
  const known = [segment.header_deadline_ns, segment.context_deadline_ns].filter((ns) => ns > 0);
  return known.length ? Math.min(...known) : 0;
}

/** {from, to, at, shows}: `at` is 0 to 1 of the width, `shows` tells whether a time is within it. */
export function scale(segments) {
  const from = Math.min(...segments.map((segment) => segment.start_ns));
  const end = Math.max(from + 1, ...segments.map((segment) => segment.end_ns));
  // A deadline far beyond the end would press everything else to the left.
  const near = segments.map(deadline).filter((ns) => ns > from && ns - from <= (end - from) * DEADLINE_SHOWN);
  const to = Math.max(end, ...near.map((ns) => ns + (end - from) / 100));
  return { from, to, at: (ns) => Math.min(1, Math.max(0, (ns - from) / (to - from))), shows: (ns) => ns > from && ns <= to };
}

/** The deadline that binds the whole request: of its first part that has one. */
export const deadlineOfAll = (hops) => hops.map(({ segment }) => deadline(segment)).find((ns) => ns > 0) ?? 0;
