package io.unpark.analysis.instance;

import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.Stack;
import io.unpark.trace.EventContext;
import io.unpark.trace.GoState;

/** Takes goroutines from state to state, and tells the requests, the meters and the histories what each step means. */
final class GoroutineSteps {
    /** Being woken soon after its birth is part of a goroutine's one job; later it is one that comes back for more. */
    private static final long SETTLED_NS = 250_000_000L;

    private final InstanceState state;
    private final RequestTracker requests;
    private final LateWatch late;
    private long nowNs;

    /** The generation's first moment. */
    private long beganNs;

    GoroutineSteps(InstanceState state, RequestTracker requests, LateWatch late) {
        this.state = state;
        this.requests = requests;
        this.late = late;
    }

    void generationBegan(long firstNs) {
        beganNs = firstNs;
    }

    /** One step, or the state that becomes known; as {@link io.unpark.trace.EventVisitor#goroutine}. */
    void step(EventContext at, long id, GoState from, GoState to, String reason, int stack, long atNs) {
        nowNs = atNs;
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
        cohort(g).created(nowNs);
        Goroutine creator = at.g() == EventContext.NONE ? null : state.goroutines.get(at.g());
        if (creator != null) {
            g.creator = creator.id;
            g.elderSiblings = siblingsOfMoment(creator);
            creator.children++;
            creator.lastChildNs = nowNs;
            noteUserStack(creator, g.creation);
            requests.births.created(g, creator, nowNs);
            requests.seen(creator, g.creation, nowNs);
        }
    }

    private Cohort cohort(Goroutine g) {
        if (!(g.creation instanceof KnownStack known)) {
            return state.cohorts.of(g);
        }
        Cohort last = known.cohort(state.stacks.epoch(), g.start);
        if (last == null) {
            last = state.cohorts.of(g);
            known.cohort(last, g.start);
        }
        return last;
    }

    private int siblingsOfMoment(Goroutine creator) {
        boolean same = creator.children > 0 && nowNs - creator.lastChildNs <= StuckCollector.MOMENT_NS;
        return same ? creator.children : 0;
    }

    /** A state that becomes known: of a goroutine older than the trace, or again in a new generation. */
    private void status(Goroutine g, GoState to, int stack) {
        if (g.state != to) {
            boolean unseen = g.state == GoState.UNDETERMINED;
            if (!unseen) {
                requests.leaving(g, nowNs); // something was missed: close what we know
            }
            // What waits and was not heard of before has waited since the generation began: else it would have been
            // heard of.
            g.sinceNs = to == GoState.WAITING && g.state == GoState.UNDETERMINED ? beganNs : nowNs;
            g.state = to;
            g.sinceAtLeast = true;
            g.wokenHere = 0;
            g.reason = "";
            g.blocked = Stack.EMPTY; // it may wait elsewhere by now
            if (unseen) {
                requests.unseen.met(g);
            }
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
        } else {
            requests.seen(g, place, nowNs);
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
                state.causes.did(g, g.assisting ? HopKind.GC_ASSIST : HopKind.RUNNING, seen, nowNs);
                if (state.world.isStopping() && to == GoState.RUNNABLE) {
                    state.world.stopped(seen, nowNs);
                }
                requests.leaving(g, nowNs);
                if (g.request != null) {
                    late.ranAt(g, state.shapes.of(seen));
                }
                requests.ran(g, seen, nowNs);
            }
            case RUNNABLE -> {
                if (!g.sinceAtLeast && !g.isRuntimes()) {
                    state.meter.ready(spentNs);
                }
                state.causes.did(g, HopKind.READY, Stack.EMPTY, nowNs);
                requests.leaving(g, nowNs);
            }
            case WAITING -> wake(at, g, spentNs);
            case SYSCALL -> {
                state.causes.did(g, HopKind.SYSCALL, Stack.EMPTY, nowNs);
                requests.leaving(g, nowNs);
            }
            case UNDETERMINED, NOT_EXIST -> requests.leaving(g, nowNs);
        }
    }

    private void wake(EventContext at, Goroutine g, long waitedNs) {
        g.waker = at.g();
        g.wakerStack = state.stacks.of(at.stack());
        state.causes.waited(g, nowNs);
        requests.leaving(g, nowNs);
        requests.woken(g, nowNs);
        state.blocks.waited(g, waitedNs);
        state.locks.waited(g, waitedNs, g.wakerStack);
        if (!g.blocked.isEmpty()) {
            history(g.blocked).completed(waitedNs, nowNs);
        }
        noteKindOfWake(g);
        Goroutine waker = g.waker == EventContext.NONE ? null : state.goroutines.get(g.waker);
        if (waker != null) {
            noteUserStack(waker, g.wakerStack);
            requests.seen(waker, g.wakerStack, nowNs);
            if (waker.request == g.request || isHandOver(g)) {
                late.met(waker, g);
            }
            requests.pooled.woke(waker, g, g.wakerStack, nowNs);
            if (g.request != null && ContextNames.isExpiry(waker.start)) {
                late.expired(g.request, nowNs, false, true);
            }
        }
    }

    private WaitHistory history(Stack place) {
        if (!(place instanceof KnownStack known)) {
            return state.cohorts.waitsAt(place);
        }
        WaitHistory last = known.waits(state.stacks.epoch());
        if (last == null) {
            last = state.cohorts.waitsAt(place);
            known.waits(last);
        }
        return last;
    }

    private void noteKindOfWake(Goroutine g) {
        boolean later = isLater(g);
        if (later) {
            g.wokenHere++;
        }
        if (g.waker == EventContext.NONE) {
            g.timerWakes += g.reason.equals("network") ? 0 : 1;
        } else if (later
                && !g.reason.equals("sync")
                && state.shapes.of(g.blocked).ownWait()) {
            g.servedWakes++; // what a library waits for on the way, as an answer of the network, is no work for it
            g.served = g.served == null ? new ServedPlaces() : g.served;
            g.served.served(g.blocked, g.waker);
        }
    }

    /** After its one job: that lasts as long as the request that made it, and a moment at least. */
    private boolean isLater(Goroutine g) {
        OpenRequest request = g.request;
        boolean inRequest = request != null && request.local == g.bornInRequest && !request.ended();
        return !g.created() || nowNs - g.createdNs > SETTLED_NS && !inRequest;
    }

    /** Over a channel of the user's own, not a library's pool or a lock, which join requests that know nothing of each other. */
    private boolean isHandOver(Goroutine woken) {
        boolean receives = woken.reason.equals("chan receive") || woken.reason.equals("select");
        return woken.request != null
                && receives
                && state.shapes.of(woken.blocked).isUsersOwn()
                && state.shapes.of(woken.wakerStack).isUsersOwn();
    }

    /** The goroutine is in its new state. */
    private void enter(Goroutine g, String reason, int stack) {
        if (g.state != GoState.WAITING) {
            return;
        }
        Stack place = WaitPlaces.strip(state.stacks.of(stack), state.stacks);
        if (place != g.blocked) {
            g.wokenHere = 0;
            g.blocked = place;
        }
        g.reason = reason;
        g.waker = Goroutine.NOBODY;
        g.wakerStack = Stack.EMPTY;
        requests.blocked(g, nowNs);
    }

    private void destroy(Goroutine g) {
        state.goroutines.remove(g.id);
        g.state = GoState.NOT_EXIST;
        state.causes.ended(g);
        cohort(g).ended(g.createdNs, nowNs);
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

    /** Keeps the last stack with a line of the user's. */
    void noteUserStack(Goroutine g, Stack stack) {
        if (stack != g.lastUserStack
                && !stack.isEmpty()
                && state.shapes.of(stack).userLine() != null) {
            g.lastUserStack = stack;
        }
    }
}
