import { get } from './api.js';
import { h } from './dom.js';
import { bytes } from './format.js';

// What can be taken away of an anomaly: the slice of the trace around its worst example, in three forms.

const FORMS = [
  ['trace', 'Trace slice', 'go tool trace'],
  ['perfetto', 'For Perfetto', 'ui.perfetto.dev'],
  ['pprof', 'Blocked time by stack', 'go tool pprof'],
];

/** {show, retry}: the links with their sizes, or why there are none. */
export async function downloads(id) {
  const path = (form) => `anomalies/${encodeURIComponent(id)}/${form}`;
  try {
    const offer = await get(path('downloads'));
    const forms = FORMS.filter(([form]) => offer[form]);
    return { retry: Boolean(offer.why), show: () => [
      h('ul', { class: 'downloads' }, forms.map(([form, name, tool], i) => h('li', {},
        h('a', { class: i === 0 ? 'download' : 'download more', href: `api/v1/${path(form)}`, download: true, 'data-key': i === 0 ? 'download' : form },
          `${name} (${bytes(offer[form].bytes)})`),
        h('span', { class: 'muted small' }, 'opens in ', h('code', {}, tool))))),
      offer.why && h('p', { class: 'muted small' }, offer.why)] };
  } catch (error) {
    return { retry: error.status !== 410, show: () => h('p', { class: 'muted' }, error.status === 410 ? `Not any more (410). ${error.message}` : error.message) };
  }
}
