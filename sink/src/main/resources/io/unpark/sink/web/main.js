import * as anomalies from './anomalies.js';
import { user } from './api.js';
import { h } from './dom.js';
import { follow } from './live.js';

const REFRESH_MS = 5000;
// While changes are told, pages of anomalies are only asked for again so that ages and windows stay right.
const REFRESH_TOLD_MS = 30000;
// Many changes at once are shown together.
const GATHER_MS = 300;
const REST_AFTER_MS = 1000;
const CODE = {
  compare: () => import('./compare.js'),
  detail: () => import('./detail.js'),
  flame: () => import('./flame.js'),
  map: () => import('./map.js'),
  overview: () => import('./overview.js'),
  request: () => import('./request.js'),
  service: () => import('./service.js'),
  services: () => import('./services.js'),
  status: () => import('./status.js'),
};
const view = document.getElementById('view');
const live = document.getElementById('live');
let refresh = async () => {};
let timer;
let turn = 0;
let busy = false;
let changed = false;
let told = false;
let showsAnomalies = true;

/** The address after '#' chooses the page; filters are its query. */
function route() {
  const [path, query = ''] = location.hash.slice(1).split('?');
  const parameters = Object.fromEntries(new URLSearchParams(query));
  document.title = 'Unpark';
  const id = () => decodeURIComponent(path.slice(path.indexOf('/', 1) + 1));
  const goHere = (next) => go(next, path);
  if (path.startsWith('/anomaly/')) return { name: 'anomalies', load: later('detail', ({ page }) => page(view, id())), told: true };
  if (path.startsWith('/request/')) return { name: 'anomalies', load: later('request', ({ page }) => page(view, id())) };
  if (path.startsWith('/service/')) return { name: 'services', load: later('service', ({ page }) => page(view, id(), parameters, goHere)) };
  if (path === '/flame') return { name: 'services', load: later('flame', ({ page }) => page(view, parameters, go)) };
  if (path === '/services') return { name: 'services', load: later('services', ({ page }) => page(view)) };
  if (path === '/overview') return { name: 'overview', load: later('overview', ({ page }) => page(view)), told: true };
  if (path === '/map') return { name: 'map', load: later('map', ({ page }) => page(view, parameters, goHere)) };
  if (path === '/compare') return { name: 'compare', load: later('compare', ({ page }) => page(view, parameters, goHere)) };
  if (path === '/status') return { name: 'status', load: later('status', ({ page }) => page(view)) };
  return { name: 'anomalies', load: anomalies.page(view, parameters, go), told: true };
}

/** A page whose code comes when it is looked at: the first page must not wait for that of the others. */
function later(name, make) {
  let page;
  const mine = async () => {
    if (!page) {
      const code = await CODE[name]().catch(() => {
        throw new Error('The server does not answer.');
      });
      if (refresh !== mine) return;
      page = make(code);
    }
    await page();
  };
  return mine;
}

/** The others' code, so that they are there at once, and also while the server is not. */
function fetchTheRest() {
  Object.values(CODE).forEach((load) => load().catch(() => {}));
}

function go(parameters, path = '/') {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  location.hash = `${path}?${query}`;
}

async function tick() {
  clearTimeout(timer);
  const mine = ++turn;
  changed = false;
  busy = true;
  try {
    if (!document.hidden) await refresh();
    if (mine !== turn) return;
    focusAgain();
    view.querySelector('#failure')?.remove();
    live.className = 'live';
    live.textContent = 'live';
  } catch (error) {
    if (mine !== turn) return;
    live.className = 'live bad';
    live.textContent = 'not reachable';
    view.querySelector('#failure')?.remove();
    view.prepend(h('div', { id: 'failure', class: 'card error', role: 'alert' }, error.message));
  }
  busy = false;
  plan();
}

/** When the page is loaded again: soon after a change, else now and then. */
function plan() {
  clearTimeout(timer);
  if (busy) return;
  timer = setTimeout(tick, changed ? GATHER_MS : told && showsAnomalies ? REFRESH_TOLD_MS : REFRESH_MS);
}

function show(moved) {
  const { name, load, told: byAnomalies = false } = route();
  for (const link of document.querySelectorAll('nav a')) {
    if (link.dataset.page === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  refresh = load;
  showsAnomalies = byAnomalies;
  if (moved) {
    view.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  tick();
}

let shown = location.hash.split('?')[0];
let focusKey;

/** After a filter was changed, its control is another element: the focus goes on to that one. */
function focusAgain() {
  if (focusKey) [...view.querySelectorAll('[data-key]')].find((e) => e.dataset.key === focusKey)?.focus();
  focusKey = undefined;
}

addEventListener('hashchange', () => {
  const next = location.hash.split('?')[0];
  const moved = next !== shown;
  focusKey = moved ? undefined : document.activeElement?.dataset?.key;
  shown = next;
  show(moved);
});
addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('input, select, textarea')) return;
  const filter = view.querySelector('[data-key^="filter-"]');
  if (!filter) return;
  event.preventDefault();
  filter.focus();
});
view.addEventListener('refresh', tick);
document.addEventListener('visibilitychange', () => document.hidden || tick());
follow({
  changed() {
    if (!showsAnomalies || changed) return;
    changed = true;
    plan();
  },
  told(now) {
    told = now;
    live.title = now ? 'Changes are shown as they happen.' : 'The page asks every few seconds.';
    plan();
  },
});
if (user()) document.querySelector('.live').after(h('a', { class: 'out', href: 'auth/logout', title: `Logged in as ${user()}` }, 'Log out'));
show(false);
setTimeout(fetchTheRest, REST_AFTER_MS);
