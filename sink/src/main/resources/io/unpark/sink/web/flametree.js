// A flame graph's tree in numbers: what is where, what is found, what has changed. Draws nothing.

/** A change of so much of the whole is told, and of so much told loudly. */
const CHANGED = 0.005;
const CHANGED_MUCH = 0.05;

/**
 * Prepares an answer of the API: each node gets `parent`, `depth`, `weight` (its width) and, where two selections are
 * compared, `before`: the other's time as if it had covered as much.
 */
export function prepare(answer) {
  const ratio = answer.against && answer.against.covered_ns > 0 ? answer.covered_ns / answer.against.covered_ns : 1;
  const whole = { ns: answer.tree.ns, before: (answer.tree.against_ns ?? 0) * ratio };
  const walk = (node, parent, depth) => {
    node.parent = parent;
    node.depth = depth;
    node.children ??= [];
    if (answer.against) {
      node.before = (node.against_ns ?? 0) * ratio;
      node.change = change(node.ns - node.before, Math.max(whole.ns, whole.before));
    }
    // Both together: a sum of children is then never wider than their parent, and what is gone can be seen.
    node.weight = node.ns + (node.before ?? 0);
    node.children.forEach((child) => walk(child, node, depth + 1));
    node.children.sort((a, b) => b.weight - a.weight || a.name.localeCompare(b.name));
    return node;
  };
  return walk(answer.tree, undefined, 0);
}

/** −2 (much less) to 2 (much more). */
function change(ns, whole) {
  const share = whole > 0 ? Math.abs(ns) / whole : 0;
  return Math.sign(ns) * (share >= CHANGED_MUCH ? 2 : share >= CHANGED ? 1 : 0);
}

/** Without the path of its package: `orders.(*Cart).Add`. */
export const short = (name) => name.replace(/^[^([\s]*\//, '');

export function matches(node, query) {
  return query !== '' && node.parent !== undefined && node.name.toLowerCase().includes(query.toLowerCase());
}

/** The time beneath nodes that match, each once. */
export function found(root, query) {
  const sum = (node) => (matches(node, query) ? node.ns : node.children.reduce((all, child) => all + sum(child), 0));
  return sum(root);
}

/**
 * Rows of a table: each function with its whole time, which recursion does not count twice, and the time that is its own:
 * what passes in Go and libraries is the own time of the line of the user that led there, if there is one.
 */
export function functions(root) {
  const rows = new Map();
  const row = (node) => {
    const fresh = { name: node.name, file: node.file, line: node.line, own: node.own, self: 0, total: 0, selfBefore: 0, totalBefore: 0, reasons: new Set() };
    return rows.get(node.name) ?? rows.set(node.name, fresh).get(node.name);
  };
  const walk = (node, above, owner) => {
    const frames = node.children.filter((child) => !child.reason);
    const rest = (field) => (node[field] ?? 0) - frames.reduce((all, child) => all + (child[field] ?? 0), 0);
    const whose = node.own || !owner ? row(node) : owner;
    whose.self += rest('ns');
    whose.selfBefore += rest('before');
    node.children.filter((child) => child.reason).forEach((child) => whose.reasons.add(child.name));
    if (!above.has(node.name)) {
      row(node).total += node.ns;
      row(node).totalBefore += node.before ?? 0;
    }
    const within = new Set(above).add(node.name);
    frames.forEach((child) => walk(child, within, node.own ? whose : owner));
  };
  root.children.forEach((child) => walk(child, new Set(), undefined));
  return [...rows.values()];
}
