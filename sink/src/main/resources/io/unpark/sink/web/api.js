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

const LOGIN_KEY = 'login-begun';
const LOGIN_AGAIN_MS = 15000;

/** Goes to the issuer and comes back to this page; not again and again when that does not help. */
function logIn(where) {
  const begun = Number(sessionStorage.getItem(LOGIN_KEY));
  if (Date.now() - begun < LOGIN_AGAIN_MS) return;
  sessionStorage.setItem(LOGIN_KEY, String(Date.now()));
  location.assign(`${where}?to=${encodeURIComponent(location.hash || '#/')}`);
}

const ITEMS_MAX = 2000;

/** All pages, up to a bound; `more` tells whether it was reached. */
export async function anomalies(parameters) {
  const items = [];
  let cursor;
  do {
    const page = await get('anomalies', { ...parameters, limit: 500, cursor });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor && items.length < ITEMS_MAX);
  return { items, more: Boolean(cursor) };
}
