import { h } from './dom.js';

const MINUTE = 60_000;
const SPANS = [[15 * MINUTE, '15 minutes'], [120 * MINUTE, '2 hours'], [24 * 60 * MINUTE, '1 day'], [7 * 24 * 60 * MINUTE, '7 days'], [30 * 24 * 60 * MINUTE, '30 days']];

/** What the flame graph shows: each choice is an address of its own. */
export function picker(answer, parameters, services, go) {
  if (answer.request) return h('div', {});
  const to = (more) => go({ ...parameters, ...more }, '/flame');
  const controls = [
    answer.source === 'windows' && !answer.anomaly && select('Service', 'service', services.map((item) => [item.service, item.service]), answer.service,
      (service) => go({ service, namespace: services.find((item) => item.service === service)?.namespace, kind: parameters.kind }, '/flame')),
    select('What', 'kind', [['', 'blocked time'], ['cpu', 'CPU samples']], parameters.kind === 'cpu' ? 'cpu' : '', (kind) => to({ kind })),
    select('Route', 'route', routes(answer, parameters), parameters.route ?? '', (route) => to({ route })),
  ];
  if (answer.source === 'windows' && !answer.anomaly) controls.push(...overTime(answer, parameters, to));
  return h('div', { class: 'filters', role: 'group', 'aria-label': 'What is shown' }, controls);
}

function routes(answer, parameters) {
  const known = answer.routes.map(({ route }) => [route, route]);
  const mine = parameters.route && parameters.route !== 'all' && !known.some(([route]) => route === parameters.route) ? [[parameters.route, parameters.route]] : [];
  return answer.anomaly ? [['', 'everything'], ...known, ...mine] : [['', 'requests of any route'], ['all', 'everything, also outside requests'], ...known, ...mine];
}

function overTime(answer, parameters, to) {
  const newest = Date.parse(answer.newest);
  const length = parameters.since ? newest - Date.parse(parameters.since) : SPANS[0][0];
  const span = parameters.until ? undefined : SPANS.find(([ms]) => Math.abs(ms - length) < 1000);
  const times = SPANS.map(([ms, text]) => [String(ms), `the last ${text}`]);
  const versions = answer.versions.map((version) => [version, version]);
  const before = `${new Date(2 * Date.parse(answer.since) - Date.parse(answer.until)).toISOString()}/${new Date(Date.parse(answer.since)).toISOString()}`;
  const others = answer.versions.filter((version) => version !== answer.version).map((version) => [version, `version ${version}`]);
  const chosen = parameters.against;
  const known = !chosen || chosen === before || others.some(([value]) => value === chosen);
  return [
    select('Time', 'time', span ? times : [['', 'as in the address'], ...times], span ? String(span[0]) : '',
      (ms) => ms && to({ since: Number(ms) === SPANS[0][0] ? '' : new Date(newest - Number(ms)).toISOString(), until: '' })),
    select('Version', 'version', [['', 'any'], ...versions], parameters.version ?? '', (version) => to({ version })),
    select('Compare with', 'against', [['', 'nothing'], [before, 'the time before'], ...others, ...(known ? [] : [[chosen, 'another time']])], chosen ?? '', (against) => to({ against })),
  ];
}

function select(label, name, options, value, choose) {
  return h('label', {}, label, h('select', { 'data-key': `flame-${name}`, onchange: (event) => choose(event.target.value) },
    options.map(([option, text]) => h('option', { value: option, selected: option === value }, text))));
}
