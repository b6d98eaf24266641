// Is told of changes by the server. Where that does not work (a proxy, too many listeners) the page asks by itself.

const AGAIN_MS = 30000;
let source;
let again;

/**
 * `changed()` after a change of an anomaly, and when some may have been missed; `told(yes)` when changes begin or cease to be told.
 * Only a tab that is looked at listens: a browser has few connections for each server.
 */
export function follow({ changed, told }) {
  const close = () => {
    clearTimeout(again);
    source?.close();
    source = undefined;
    told(false);
  };
  const open = () => {
    clearTimeout(again);
    if (source || document.hidden || !window.EventSource) return;
    source = new EventSource('api/v1/events');
    source.addEventListener('ready', () => {
      told(true);
      changed();
    });
    source.addEventListener('anomaly', changed);
    source.addEventListener('resync', changed);
    source.addEventListener('error', () => {
      told(false);
      // A browser comes back by itself when a connection ends, but not after another answer than 200.
      if (source?.readyState === EventSource.CLOSED) {
        close();
        again = setTimeout(open, AGAIN_MS);
      }
    });
  };
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  open();
}
