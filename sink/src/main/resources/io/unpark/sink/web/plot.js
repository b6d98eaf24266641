import { h } from './dom.js';
import uPlot from './vendor/uPlot-1.6.32.js';

// Lines, layers and bars over time, drawn by uPlot. Within a shadow root: what it adds to the page changes nothing that is compared
// at a refresh.

const STYLE = new URL('vendor/uPlot-1.6.32.css', import.meta.url).href;
const OWN_STYLE = new URL('plot.css', import.meta.url).href;
const LINES = ['--accent', '--info', '--warning', '--critical'];
const LAYERS = ['#3f78c9', '#1a9c63', '#d99a1c', '#7b5cc4', '#2596a8', '#c2539e', '#9a6a3f'];
const REST = '#8c8f94';
const POINTS_FEW = 3;
const POWERS_OF_TWO = Array.from({ length: 60 }, (none, i) => 2 ** i);
const dark = matchMedia('(prefers-color-scheme: dark)');

/** The colour of line or layer `i`; one that is undefined stands for all others. */
export const layerColour = (i, rest) => (rest ? REST : LAYERS[i % LAYERS.length]);

/** Times of the axis in UTC; the date beneath the first of each day. */
function clock(u, seconds, axis, space, step) {
  return seconds.map((s, i) => {
    const iso = new Date(s * 1000).toISOString();
    const day = i === 0 || new Date(seconds[i - 1] * 1000).toISOString().slice(0, 10) !== iso.slice(0, 10);
    if (step >= 86400) return iso.slice(5, 10);
    return `${iso.slice(11, step < 60 ? 19 : 16)}${day ? `\n${iso.slice(0, 10)}` : ''}`;
  });
}

class Plot extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: 'open' });
    const styles = [STYLE, OWN_STYLE].map((href) => h('link', { rel: 'stylesheet', href }));
    this.readout = h('p', { class: 'readout' });
    this.place = h('div', { class: 'place' });
    root.append(...styles, this.place, this.readout);
    this.resized = new ResizeObserver(() => this.fit());
    this.recolour = () => this.chart?.redraw(false);
    // Its measures are those of its style sheet.
    Promise.all(styles.map((link) => new Promise((done) => { link.onload = done; link.onerror = done; }))).then(() => {
      if (!this.isConnected) return;
      this.chart = new uPlot(this.options(), this.spec.data, this.place);
      this.resized.observe(this);
      dark.addEventListener('change', this.recolour);
    });
  }

  disconnectedCallback() {
    this.resized.disconnect();
    dark.removeEventListener('change', this.recolour);
    this.chart?.destroy();
  }

  fit() {
    const width = Math.floor(this.clientWidth);
    if (width > 0 && width !== this.chart.width) this.chart.setSize({ width, height: this.spec.height });
  }

  colour(name) {
    return name.startsWith('--') ? getComputedStyle(this).getPropertyValue(name).trim() : name;
  }

  options() {
    const { height, series, show, bars } = this.spec;
    const ink = () => this.colour('--muted');
    const grid = { stroke: () => this.colour('--line'), width: 1 };
    const few = this.spec.data[0].length <= POINTS_FEW;
    return {
      width: Math.max(100, Math.floor(this.clientWidth)), height,
      tzDate: (s) => uPlot.tzDate(new Date(s * 1000), 'Etc/UTC'),
      legend: { show: false }, padding: [8, 28, 0, 0],
      cursor: { y: false, drag: { x: false, y: false } },
      scales: { y: { range: (u, least, most) => [0, most > 0 ? most * 1.05 : 1] } },
      axes: [{ stroke: ink, grid, ticks: grid, size: 42, values: clock }, { stroke: ink, grid, ticks: grid, size: 66, ...(show(1024) === '1 KiB' ? { incrs: POWERS_OF_TWO } : {}), values: (u, values) => values.map((value) => show(value)) }],
      series: [{}, ...series.map(({ colour, filled }) => ({
        stroke: () => this.colour(colour), width: bars ? 0 : filled ? 1 : 2, spanGaps: true, points: { show: few && !bars },
        fill: filled ? () => this.colour(colour) : undefined, paths: bars ? uPlot.paths.bars({ size: [0.8, 40] }) : undefined,
      }))],
      hooks: { draw: [(u) => this.markers(u)], setCursor: [(u) => this.tell(u)] },
    };
  }

  /** Vertical lines, such as where a version begins. */
  markers(u) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.strokeStyle = this.colour('--text');
    ctx.fillStyle = this.colour('--text');
    ctx.font = `${11 * devicePixelRatio}px sans-serif`;
    ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
    for (const { at, text } of this.spec.markers) {
      const x = u.valToPos(at / 1000, 'x', true);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.fillText(text, x + 4 * devicePixelRatio, bbox.top + 11 * devicePixelRatio);
    }
    ctx.restore();
  }

  /** What is under the pointer, in words. */
  tell(u) {
    const i = u.cursor.idx;
    const { series, show, data, values } = this.spec;
    this.readout.textContent = i === null || i === undefined ? ''
      : `${new Date(data[0][i] * 1000).toISOString().slice(11, 19)} UTC · ${series.map(({ name }, n) => [name, values[n][i]]).filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => `${name} ${show(value)}`).join(' · ')}`;
  }
}
customElements.define('unpark-plot', Plot);

/** A refresh compares markup only: so data that changed must change it. */
function trace(values) {
  let hash = 0;
  for (const value of values.flat()) hash = (hash * 31 + Math.round(value ?? -1)) | 0;
  return hash;
}

function plot(label, spec, tall) {
  const element = h('unpark-plot', { role: 'img', 'aria-label': label, class: tall ? 'tall' : undefined, 'data-trace': trace([spec.data[0].map((t) => t * 1000), ...spec.values]) });
  element.spec = { markers: [], ...spec, height: tall ? 220 : 130 };
  return element;
}

/** `series` = [{name, points: [[time in ms, value]…]}], `markers` = [{at: time in ms, text}]. */
export function lines(label, series, show, markers) {
  const data = uPlot.join(series.map((s) => [s.points.map(([t]) => t / 1000), s.points.map(([, value]) => value)]));
  return plot(label, {
    data, values: data.slice(1), show, markers: within(markers, data[0]),
    series: series.map(({ name }, i) => ({ name, colour: LINES[i % LINES.length] })),
  });
}

/** Layers on top of each other: `times` in ms, `layers` = [{name, values, colour}] from the lowest on. */
export function layered(label, times, layers, show, { markers = [], bars = false, tall = true } = {}) {
  const sums = layers.map((layer, i) => times.map((t, n) => layers.slice(0, i + 1).reduce((all, { values }) => all + values[n], 0)));
  // The highest is drawn first, what is below covers it.
  const order = layers.map((layer, i) => i).reverse();
  const data = [times.map((t) => t / 1000), ...order.map((i) => sums[i])];
  return plot(label, {
    data, values: order.map((i) => layers[i].values), show, bars, markers: within(markers, data[0]),
    series: order.map((i) => ({ name: layers[i].name, colour: layers[i].colour, filled: true })),
  }, tall);
}

const within = (markers = [], times) => markers.filter(({ at }) => at / 1000 >= times[0] && at / 1000 <= times.at(-1));
