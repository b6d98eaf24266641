package io.unpark.analysis.instance;

import io.unpark.analysis.model.Stack;
import io.unpark.trace.EventContext;
import io.unpark.trace.EventVisitor;
import io.unpark.trace.GenerationTables;
import io.unpark.trace.GoState;
import io.unpark.trace.ProcState;
import io.unpark.trace.RangeScope;

/**
 * Walks through a generation's events and keeps the goroutines' states; the requests, the runtime and the waits are told
 * by it. Its clock never goes back: Ms may differ by a few ticks.
 */
final class GenerationTracker implements EventVisitor {
    /** Being woken soon after its birth is part of a goroutine's one job; later it is one that comes back for more. */
    private static final long SETTLED_NS = 250_000_000L;

    private final InstanceState state;
    private final RequestTracker requests;
    private final RequestAnnotations annotations;
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
        state.clock.offer(generation.clock());
        state.stacks.begin(generation);
        state.meter.beginGeneration();
        state.blocks.beginGeneration();
        state.locks.beginGeneration();
    }

    private long tick(EventContext at) {
        if (!any) {
            any = true;
            nowNs = Math.max(nowNs, at.timeNs());
            firstNs = nowNs;
        }
        nowNs = Math.max(nowNs, at.timeNs());
        return nowNs;
    }

    @Override
    public void goroutine(EventContext at, long id, GoState from, GoState to, int reason, int stack) {
        tick(at);
        if (from == GoState.NOT_EXIST) {
            create(at, id, to, stack);
            return;
        }
        Goroutine g = known(id);
        if (from == GoState.UNDETERMINED || from == to) {
            status(g, to, stack);
            return;
        }
        leave(at, g, to, stack);
        if (to == GoState.NOT_EXIST) {
            destroy(g);
            return;
        }
        g.state = to;
        g.sinceNs = nowNs;
        g.sinceAtLeast = false;
        enter(g, reason, stack);
    }

    private Goroutine known(long id) {
        Goroutine g = state.goroutines.get(id);
        if (g == null) {
            g = new Goroutine(id);
            g.sinceNs = nowNs;
            g.sinceAtLeast = true;
            state.goroutines.put(id, g);
        }
        return g;
    }

    private void create(EventContext at, long id, GoState to, int stack) {
        Goroutine g = new Goroutine(id);
        g.createdNs = nowNs;
        g.creation = state.stacks.of(at.stack());
        Stack start = state.stacks.of(stack);
        g.start = start.isEmpty() ? "" : start.frames().get(0).function();
        g.state = to;
        g.sinceNs = nowNs;
        state.goroutines.put(id, g);
        state.cohorts.of(g).created(nowNs);
        Goroutine creator = at.g() == EventContext.NONE ? null : state.goroutines.get(at.g());
        if (creator != null) {
            g.creator = creator.id;
            noteUserStack(creator, g.creation);
            requests.created(g, creator, nowNs);
            requests.seen(creator, g.creation, nowNs);
        }
    }

    /** A state that becomes known: of a goroutine older than the trace, or again in a new generation. */
    private void status(Goroutine g, GoState to, int stack) {
        if (g.state != to) {
            if (g.state != GoState.UNDETERMINED) {
                requests.leaving(g, nowNs); // something was missed: close what we know
            }
            g.state = to;
            g.sinceNs = nowNs;
            g.sinceAtLeast = true;
            g.wokenHere = 0;
            g.reason = "";
            g.blocked = Stack.EMPTY; // it may wait elsewhere by now
        }
        if (stack == 0) {
            return;
        }
        Stack seen = state.stacks.of(stack);
        g.learnStart(seen);
        // Stripped, it is the stack that the goroutine blocked with: one that stays parked does not change.
        Stack place = to == GoState.WAITING ? WaitPlaces.strip(seen, state.stacks) : seen;
        if (to == GoState.WAITING && g.blocked.isEmpty()) {
            g.blocked = place;
        }
        noteUserStack(g, place);
        if (to == GoState.WAITING && g.request == null) {
            requests.blocked(g, nowNs);
        }
    }

    /** Closes the interval that the goroutine spent in its state. */
    private void leave(EventContext at, Goroutine g, GoState to, int stack) {
        long spentNs = nowNs - g.sinceNs;
        switch (g.state) {
            case RUNNING -> {
                Stack seen = state.stacks.of(stack);
                noteUserStack(g, seen);
                g.learnStart(seen);
                state.meter.ran(g, spentNs, to == GoState.RUNNABLE ? seen : Stack.EMPTY);
                requests.leaving(g, nowNs);
            }
            case RUNNABLE -> {
                if (!g.sinceAtLeast && !g.start.startsWith("runtime.")) {
                    state.meter.ready(spentNs);
                }
                requests.leaving(g, nowNs);
            }
            case WAITING -> wake(at, g, spentNs);
            case SYSCALL, UNDETERMINED, NOT_EXIST -> requests.leaving(g, nowNs);
        }
    }

    private void wake(EventContext at, Goroutine g, long waitedNs) {
        g.waker = at.g();
        g.wakerStack = state.stacks.of(at.stack());
        requests.leaving(g, nowNs);
        requests.woken(g, nowNs);
        state.blocks.waited(g, waitedNs);
        state.locks.waited(g, waitedNs, g.wakerStack);
        if (!g.blocked.isEmpty()) {
            state.cohorts.waitsAt(g.blocked).completed(waitedNs, nowNs);
        }
        if (!g.created() || nowNs - g.createdNs > SETTLED_NS) {
            g.wokenHere++;
        }
        Goroutine waker = g.waker == EventContext.NONE ? null : state.goroutines.get(g.waker);
        if (waker != null) {
            noteUserStack(waker, g.wakerStack);
            requests.seen(waker, g.wakerStack, nowNs);
            if (g.request != null && ContextNames.isExpiry(waker.start)) {
                late.expired(g.request, nowNs, false, true);
            }
        }
    }

    /** The goroutine is in its new state. */
    private void enter(Goroutine g, int reason, int stack) {
        if (g.state != GoState.WAITING) {
            return;
        }
        Stack place = WaitPlaces.strip(state.stacks.of(stack), state.stacks);
        if (place != g.blocked) {
            g.wokenHere = 0;
            g.blocked = place;
        }
        g.reason = tables.string(reason);
        g.waker = Goroutine.NOBODY;
        g.wakerStack = Stack.EMPTY;
        requests.blocked(g, nowNs);
    }

    private void destroy(Goroutine g) {
        state.goroutines.remove(g.id);
        state.cohorts.of(g).ended(g.createdNs, nowNs);
        requests.ended(g, nowNs);
        if (g.bornInRequest != 0 && HttpNames.isBackgroundRead(g.start)) {
            clientLeft(g);
        }
    }

    /** The watcher of the connection ended although the handler has not returned: the client is gone. */
    private void clientLeft(Goroutine watcher) {
        Goroutine connection = state.goroutines.get(watcher.creator);
        OpenRequest request = connection == null ? null : connection.request;
        if (request != null && request.local == watcher.bornInRequest) {
            // A client that has its answer leaves too: then the handler is writing or returning, not waiting.
            boolean waited = connection.state == GoState.WAITING || connection.waker == watcher.id;
            late.clientLeft(request, nowNs, waited);
        }
    }

    private void noteUserStack(Goroutine g, Stack stack) {
        if (!stack.isEmpty() && state.shapes.of(stack).userLine() != null) {
            g.lastUserStack = stack;
        }
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
        state.meter.rangeBegin(name, scope, g, nowNs);
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
        state.meter.rangeEnd(name, scope, g, nowNs);
    }

    /** The goroutine of a range; an assist splits the running interval at its bounds. */
    private Goroutine ranged(EventContext at, String name, RangeScope scope, long scopeId) {
        tick(at);
        Goroutine g = scope == RangeScope.GOROUTINE ? state.goroutines.get(scopeId) : null;
        if (RuntimeMeter.isAssist(name, scope, g)) {
            noteUserStack(g, state.stacks.of(at.stack()));
            splitRun(g);
        }
        return g;
    }

    private void splitRun(Goroutine g) {
        if (g.state == GoState.RUNNING) {
            state.meter.ran(g, nowNs - g.sinceNs, Stack.EMPTY);
            requests.leaving(g, nowNs);
            g.sinceNs = nowNs;
        }
    }

    @Override
    public void metric(EventContext at, String name, long value) {
        tick(at);
        state.meter.metric(name, value);
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
            noteUserStack(g, stack);
        }
    }

    @Override
    public void taskBegin(EventContext at, long task, long parent, int type) {
        tick(at);
        Goroutine g = at.g() == EventContext.NONE ? null : state.goroutines.get(at.g());
        if (g != null) {
            annotations.taskBegin(g, task, parent, tables.string(type), nowNs);
            requests.seen(g, state.stacks.of(at.stack()), nowNs);
        }
    }

    @Override
    public void taskEnd(EventContext at, long task, long parent, int type) {
        tick(at);
        Goroutine g = at.g() == EventContext.NONE ? null : state.goroutines.get(at.g());
        annotations.taskEnd(g, task, state.goroutines, nowNs);
    }

    @Override
    public void log(EventContext at, long task, int category, int message) {
        tick(at);
        Goroutine g = at.g() == EventContext.NONE ? null : state.goroutines.get(at.g());
        Stack stack = state.stacks.of(at.stack());
        if (g != null) {
            noteUserStack(g, stack);
            requests.seen(g, stack, nowNs);
        }
        annotations.log(g, task, tables.string(category), tables.string(message), tables.bytes(message), stack, nowNs);
    }
}
