import { h } from './dom.js';
import { duration } from './format.js';

/** The causal chain: from what was slow to why. */
export function cause(steps) {
  return steps.length > 0 && h('section', { class: 'card pad' },
    h('h2', {}, 'Why: from the symptom to the root'),
    h('ol', { class: 'chain' }, steps.map((step) => h('li', { class: `depth-${Math.min(step.depth ?? 0, 8)}` },
      h('p', {}, h('strong', {}, step.what), step.share_permille > 0 && ` · ${step.share_permille / 10} %`,
        step.duration_ns > 0 && ` · ${duration(step.duration_ns)} of its own`),
      h('p', { class: 'muted small' }, [step.service, step.route, step.reason].filter(Boolean).join(' · ')),
      step.function && h('p', { class: 'mono' }, step.function, step.file && ` ${step.file}${step.line ? `:${step.line}` : ''}`)))));
}
