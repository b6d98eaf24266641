// Asks the server; a problem document becomes an error with its words.

export async function get(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  let response;
  try {
    response = await fetch(`api/v1/${path}?${query}`, { headers: { Accept: 'application/json' } });
  } catch {
    throw new Error('The server does not answer.');
  }
  const body = await response.json().catch(() => ({}));
  if (response.status === 401 && body.login) logIn(body.login);
  if (!response.ok) {
    throw Object.assign(new Error(body.detail ?? `The server answers ${response.status}.`), { status: response.status });
  }
  return body;
}

/** Whose login this is, as the server told; nobody's without one. It only says what to offer. */
export function user() {
  const cookie = document.cookie.split('; ').find((part) => part.startsWith('unpark_user='));
  return cookie ? new URLSearchParams(cookie).get('unpark_user') : '';
}

const LOGIN_KEY = 'login-begun';
const LOGIN_AGAIN_MS = 15000;

/** Goes to the issuer and comes back to this page; not again and again when that does not help. */
function logIn(where) {
  const begun = Number(sessionStorage.getItem(LOGIN_KEY));
  if (Date.now() - begun < LOGIN_AGAIN_MS) return;
  sessionStorage.setItem(LOGIN_KEY, String(Date.now()));
  location.assign(`${where}?to=${encodeURIComponent(location.hash || '#/')}`);
}

/** The worst of a filter, so many pages of a hundred; `more` tells whether there are others, `open` how many are open. */
export async function anomalies(parameters, pages) {
  const items = [];
  let page = {};
  let open;
  for (let i = 0; i < pages && (i === 0 || page.next); i++) {
    page = await get('anomalies', { ...parameters, order: 'worst', limit: 100, cursor: page.next, open: i === 0 ? 'true' : '' });
    items.push(...page.items);
    open ??= page.open;
  }
  return { items, open, more: Boolean(page.next) };
}
