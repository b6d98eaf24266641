package io.unpark.analysis.instance;

import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.Stack;
import io.unpark.trace.EventContext;
import io.unpark.trace.EventVisitor;
import io.unpark.trace.GenerationTables;
import io.unpark.trace.GoState;
import io.unpark.trace.ProcState;
import io.unpark.trace.RangeScope;

/**
 * Walks through a generation's events and tells the goroutines' steps, the requests, the runtime and the waits. Its clock
 * never goes back: Ms may differ by a few ticks.
 */
final class GenerationTracker implements EventVisitor {
    private final InstanceState state;
    private final RequestTracker requests;
    private final RequestAnnotations annotations;
    private final GoroutineSteps steps;
    private final LateWatch late;
    private GenerationTables tables;
    long firstNs;
    long nowNs = Long.MIN_VALUE;
    private long capturedUnixNs;
    private boolean any;

    GenerationTracker(InstanceState state, RequestTracker requests, RequestAnnotations annotations, LateWatch late) {
        this.state = state;
        this.requests = requests;
        this.annotations = annotations;
        this.late = late;
        this.steps = new GoroutineSteps(state, requests, late);
    }

    /** Accounts what still runs to the generation that ends here. */
    void finish() {
        if (!any) {
            nowNs = Math.max(nowNs, 0); // a generation without events lasts no time
            firstNs = nowNs;
        }
        state.goroutines.forEachSorted(this::splitRun);
        for (OpenRequest request : requests.requests) {
            Goroutine main = request.ended() ? null : state.goroutines.get(request.mainGoroutine);
            if (main != null && main.request == request && request.split.markNs < nowNs) {
                request.split.until(nowNs, main.state, main.assisting, main.reason, state.world);
            }
        }
        if (state.afterGap) {
            state.forgetUnseen();
        }
        requests.unseen.generationEnded();
        state.world.endGeneration(nowNs);
        if (any) {
            state.clock.offerCapture(nowNs, capturedUnixNs);
        }
    }

    /** When the shipper saw the generation, for formats without a clock; 0 when not known. */
    void captured(long unixNs) {
        capturedUnixNs = unixNs;
    }

    @Override
    public void generationBegin(GenerationTables generation) {
        tables = generation;
        any = false;
        state.world.beginGeneration();
        late.stalls.beginGeneration();
        state.clock.offer(generation.clock());
        state.stacks.begin(generation);
        state.meter.beginGeneration();
        state.blocks.beginGeneration();
        state.locks.beginGeneration();
    }

    private long tick(EventContext at) {
        if (nowNs > 0) {
            late.stalls.silent(nowNs, at.timeNs());
        }
        if (!any) {
            any = true;
            nowNs = Math.max(nowNs, at.timeNs());
            firstNs = nowNs;
            state.causes.begin(nowNs);
            requests.unseen.generationBegan(nowNs);
            steps.generationBegan(firstNs);
        }
        nowNs = Math.max(nowNs, at.timeNs());
        return nowNs;
    }

    @Override
    public void goroutine(EventContext at, long id, GoState from, GoState to, int reason, int stack) {
        steps.step(at, id, from, to, to == GoState.WAITING ? tables.string(reason) : "", stack, tick(at));
    }

    @Override
    public void proc(EventContext at, long proc, ProcState from, ProcState to) {
        tick(at);
        if (to == ProcState.RUNNING) {
            state.meter.procRan(proc);
        }
    }

    @Override
    public void rangeBegin(EventContext at, String name, RangeScope scope, long scopeId) {
        Goroutine g = ranged(at, name, scope, scopeId);
        if (RuntimeMeter.isStop(name)) {
            state.world.begin(RuntimeMeter.stopKind(name), state.stacks.of(at.stack()), nowNs);
        } else {
            state.meter.rangeBegin(name, scope, g, nowNs);
        }
    }

    @Override
    public void rangeActive(EventContext at, String name, RangeScope scope, long scopeId) {
        Goroutine g = ranged(at, name, scope, scopeId);
        if (RuntimeMeter.isAssist(name, scope, g)) {
            g.assisting = true;
        }
    }

    @Override
    public void rangeEnd(EventContext at, String name, RangeScope scope, long scopeId, long swept, long reclaimed) {
        Goroutine g = ranged(at, name, scope, scopeId);
        if (RuntimeMeter.isStop(name)) {
            state.world.end(nowNs, requests::countOpen);
        } else {
            state.meter.rangeEnd(name, scope, g);
        }
    }

    /** The goroutine of a range; an assist splits the running interval at its bounds. */
    private Goroutine ranged(EventContext at, String name, RangeScope scope, long scopeId) {
        tick(at);
        Goroutine g = scope == RangeScope.GOROUTINE ? state.goroutines.get(scopeId) : null;
        if (RuntimeMeter.isAssist(name, scope, g)) {
            steps.noteUserStack(g, state.stacks.of(at.stack()));
            splitRun(g);
        }
        return g;
    }

    private void splitRun(Goroutine g) {
        if (g.state == GoState.RUNNING) {
            state.meter.ran(g, nowNs - g.sinceNs, Stack.EMPTY);
            state.causes.did(g, g.assisting ? HopKind.GC_ASSIST : HopKind.RUNNING, Stack.EMPTY, nowNs);
            requests.leaving(g, nowNs);
            g.sinceNs = nowNs;
        }
    }

    @Override
    public void metric(EventContext at, String name, long value) {
        tick(at);
        state.meter.metric(name, value, nowNs);
    }

    @Override
    public void label(EventContext at, long id, int label) {
        tick(at);
        Goroutine g = state.goroutines.get(id);
        String text = tables.string(label);
        if (g != null && text.startsWith("GC (")) {
            splitRun(g);
            g.markWorker = true;
            g.idleMark = text.equals("GC (idle)");
        }
    }

    @Override
    public void stackSample(EventContext at) {
        tick(at);
        Goroutine g = at.g() == EventContext.NONE ? null : state.goroutines.get(at.g());
        Stack stack = state.stacks.of(at.stack());
        state.blocks.sampled(g, stack);
        if (g != null) {
            steps.noteUserStack(g, stack);
        }
    }

    @Override
    public void taskBegin(EventContext at, long task, long parent, int type) {
        tick(at);
        Goroutine g = at.g() == EventContext.NONE ? null : state.goroutines.get(at.g());
        if (g != null) {
            Stack stack = state.stacks.of(at.stack());
            requests.seen(g, stack, nowNs);
            annotations.taskBegin(g, task, parent, tables.string(type), stack, nowNs);
        }
    }

    @Override
    public void taskEnd(EventContext at, long task, long parent, int type) {
        tick(at);
        Goroutine g = at.g() == EventContext.NONE ? null : state.goroutines.get(at.g());
        annotations.taskEnd(g, task, state.goroutines, nowNs);
    }

    @Override
    public void regionBegin(EventContext at, long task, int type) {
        tick(at);
        Goroutine g = at.g() == EventContext.NONE ? null : state.goroutines.get(at.g());
        if (g != null) {
            annotations.regionBegin(g, task, nowNs);
            requests.seen(g, state.stacks.of(at.stack()), nowNs);
        }
    }

    @Override
    public void regionEnd(EventContext at, long task, int type) {
        tick(at);
        Goroutine g = at.g() == EventContext.NONE ? null : state.goroutines.get(at.g());
        if (g != null) {
            requests.pooled.regionEnded(g, nowNs);
        }
    }

    @Override
    public void log(EventContext at, long task, int category, int message) {
        tick(at);
        Goroutine g = at.g() == EventContext.NONE ? null : state.goroutines.get(at.g());
        Stack stack = state.stacks.of(at.stack());
        if (g != null) {
            steps.noteUserStack(g, stack);
            requests.seen(g, stack, nowNs);
        }
        annotations.log(g, task, tables.string(category), tables.string(message), tables.bytes(message), stack, nowNs);
    }
}
