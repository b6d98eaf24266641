import { h, svg } from './dom.js';
import { matches, short } from './flametree.js';

const ROW = 21;
const LETTER = 6.7;
const VISIBLE = 0.7;
const SIGNS = { 2: '+ ', 1: '+ ', 0: '', [-1]: '− ', [-2]: '− ' };

/**
 * The picture: the outermost function on top, what it called beneath. A click or Enter zooms into a frame, Escape out of it,
 * arrows go to callers, callees and neighbours. `says` turns a node into the words that are read out.
 */
export function flamegraph(root, says) {
  let top = root;
  let selected = root;
  let query = '';
  const canvas = svg('svg', { class: 'flame', 'aria-hidden': 'true' });
  const status = h('p', { class: 'flame-status mono', role: 'status' });
  const box = h('div', {
    class: 'flame-box', tabindex: '0', role: 'application', 'data-key': 'flame', 'aria-describedby': 'flame-help',
    'aria-label': 'Flame graph. The same as a table is beneath.', onkeydown: key,
  }, canvas);

  function select(node) {
    selected = node;
    status.textContent = says(node);
    draw();
  }

  function zoom(node) {
    top = node;
    select(node);
  }

  function key(event) {
    const siblings = selected.parent ? selected.parent.children : [selected];
    const at = siblings.indexOf(selected);
    const moves = {
      ArrowDown: () => selected.children[0], ArrowUp: () => selected.parent,
      ArrowRight: () => siblings[at + 1], ArrowLeft: () => siblings[at - 1], Home: () => root,
    };
    if (moves[event.key]) {
      const to = moves[event.key]();
      if (to && !within(to, top)) top = to;
      if (to) select(to);
    } else if (event.key === 'Enter') zoom(selected);
    else if (event.key === 'Escape') zoom(top.parent ?? root);
    else return;
    event.preventDefault();
  }

  function draw() {
    const width = Math.max(200, box.clientWidth - 2);
    const cells = [];
    let depth = 0;
    for (let node = top; node; node = node.parent) cells.push(cell(node, 0, width));
    const lay = (node, x, scale) => {
      depth = Math.max(depth, node.depth);
      let left = x;
      for (const child of node.children) {
        const wide = child.weight * scale;
        if (wide >= VISIBLE) {
          cells.push(cell(child, left, wide));
          lay(child, left, scale);
        }
        left += wide;
      }
    };
    lay(top, 0, top.weight > 0 ? width / top.weight : 0);
    canvas.setAttribute('viewBox', `0 0 ${width} ${(depth + 1) * ROW}`);
    canvas.setAttribute('width', width);
    canvas.setAttribute('height', (depth + 1) * ROW);
    canvas.replaceChildren(...cells);
  }

  function cell(node, x, wide) {
    const letters = Math.floor((wide - 8) / LETTER);
    const name = (SIGNS[node.change ?? 0] ?? '') + short(node.name);
    const look = ['cell', colour(node), node === selected && 'selected', node.depth < top.depth && 'above', matches(node, query) && 'hit'];
    return svg('g', { class: look.filter(Boolean).join(' '), onclick: () => { box.focus({ preventScroll: true }); zoom(node); } },
      svg('rect', { x: x + 0.5, y: node.depth * ROW + 0.5, width: Math.max(0.4, wide - 1), height: ROW - 2, rx: wide > 6 ? 3 : 0 }),
      letters >= 3 && svg('text', { x: x + 5, y: node.depth * ROW + 14 }, name.length > letters ? `${name.slice(0, letters - 1)}…` : name),
      svg('title', {}, says(node)));
  }

  new ResizeObserver(() => box.isConnected && draw()).observe(box);
  status.textContent = says(root);
  return {
    element: h('div', {}, status, box),
    search(words) {
      query = words;
      draw();
    },
    all: () => zoom(root),
  };
}

const within = (node, top) => node === top || (node.parent !== undefined && within(node.parent, top));

function colour(node) {
  if (node.change !== undefined) return ['less2', 'less1', 'same', 'more1', 'more2'][node.change + 2];
  if (node.reason) return 'reason';
  return node.own ? 'own' : 'go';
}
