package io.unpark.analysis.instance;

import io.unpark.analysis.instance.OpenRequest.Source;
import io.unpark.analysis.instance.ServerStack.Role;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.Wait;
import io.unpark.analysis.place.UserCode;
import io.unpark.trace.GoState;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows requests: when they begin and end, which goroutines work for them, and where their time goes. What a task or a
 * log says comes in through {@link RequestAnnotations}, what a new goroutine says through {@link RequestBirths}; requests
 * that nobody saw begin are {@link UnseenBeginnings}'; what happens after the deadline is {@link LateWatch}'s.
 */
final class RequestTracker {
    /** Waits shorter than this are in the time split, but are not kept one by one. */
    private static final long MIN_WAIT_NS = 1_000_000L;

    /** Open requests of one instance; those that begin beyond it are counted and not followed. */
    static final int MAX_OPEN = 100_000;

    private final ServerStack.Cache servers;
    private final StopTheWorld world;
    private final LongMap<Goroutine> goroutines;
    private final LateWatch late;
    private final CausalWalk walk;
    final RequestBirths births;
    final PooledWorkers pooled;
    final UnseenBeginnings unseen;
    final List<OpenRequest> requests = new ArrayList<>();
    long nextLocal = 1;
    long notFollowed;

    RequestTracker(InstanceState state, UserCode userCode, LateWatch late, CausalWalk walk) {
        this.servers = state.servers;
        this.world = state.world;
        this.goroutines = state.goroutines;
        this.late = late;
        this.walk = walk;
        this.births = new RequestBirths(this, userCode, late);
        this.pooled = new PooledWorkers(state.shapes, userCode);
        this.unseen = new UnseenBeginnings(this, state, walk);
    }

    /** The goroutine leaves its state: the time it spent there belongs to its request. */
    void leaving(Goroutine g, long nowNs) {
        OpenRequest request = g.request;
        if (request == null) {
            if (g.worker != null) {
                pooled.leaving(g, nowNs);
            }
            if (g.undecided) {
                unseen.leaving(g, nowNs);
            }
            return;
        }
        if (g.state == GoState.RUNNING) {
            long ranNs = Math.max(0, nowNs - Math.max(g.sinceNs, request.startNs));
            request.cpuNs += ranNs;
            if (g.id != request.mainGoroutine) {
                g.cpuForRequestNs += ranNs;
            }
            late.ran(request, g, nowNs);
        } else if (g.state == GoState.WAITING) {
            late.waited(request, g, nowNs);
        }
        if (isMain(g, request)) {
            request.split.until(nowNs, g.state, g.assisting, g.reason, world);
            walk.until(request, g, nowNs);
        }
    }

    /** The goroutine blocks at {@code g.blocked}, after {@link #leaving}. */
    void blocked(Goroutine g, long nowNs) {
        if (g.worker != null) {
            pooled.blocked(g, nowNs);
        }
        seen(g, g.blocked, nowNs);
        // Each time that it has work, gRPC's worker handles a call, whether anything of it shows or not.
        OpenRequest request = g.request;
        Role role = servers.of(g.blocked).role();
        if (request == null || request.source == Source.ANNOTATED || !isMain(g, request) || !isOver(role)) {
            return;
        }
        request.confirmed |= ServerNames.isGrpcWorker(g.start);
        request.confirmed &= role != Role.CONNECTION;
        end(request, g, nowNs);
        g.answered = false;
    }

    private static boolean isOver(Role role) {
        return role == Role.IDLE || role == Role.CONNECTION || role == Role.FINISHING;
    }

    /** Whether the stack is within a request's own call to something else. */
    boolean isOutgoing(Stack stack) {
        return servers.of(stack).outgoing();
    }

    /** A generation is missing: nobody knows how the open requests went on. */
    void gap(long lastNs) {
        for (OpenRequest request : requests) {
            request.resolveLeft(goroutines);
            partFromAll(request, lastNs);
            request.members.forEach(m -> m.request = null);
            request.members.clear();
            if (!request.ended()) {
                pooled.requestEnded(request, goroutines, lastNs);
                Goroutine main = goroutines.get(request.mainGoroutine);
                if (main != null) {
                    walk.cut(request, main, lastNs);
                    main.request = null;
                    main.interrupted = request;
                }
                request.endNs = lastNs;
                request.cut = true;
                request.changed = true;
            }
        }
    }

    /** The goroutine's wait is over. */
    void woken(Goroutine g, long nowNs) {
        OpenRequest request = g.request;
        long waitedNs = nowNs - g.sinceNs;
        if (request != null && !request.ended() && waitedNs >= MIN_WAIT_NS) {
            request.addWait(wait(g, Math.max(g.sinceNs, request.startNs), nowNs, g.sinceAtLeast));
        }
        boolean handedOver = g.undecided && ServerNames.isGrpcHandOver(g.wakerStack);
        if (request == null && (handedOver || servers.of(g.blocked).role() == Role.IDLE)) {
            open(g, Source.HTTP, nowNs);
        }
    }

    /** Its start is the trace's clock: a wall clock may become known only at the generation's end. */
    Wait wait(Goroutine g, long fromNs, long toNs, boolean atLeast) {
        return new Wait(g.id, fromNs, toNs - fromNs, atLeast, g.reason, g.blocked, g.waker, g.wakerStack);
    }

    /** A stack of the goroutine: it may show a request that we did not see begin, which handler runs, or the end. */
    void seen(Goroutine g, Stack stack, long nowNs) {
        if (stack.isEmpty() || g.request == null && !g.undecided) {
            return;
        }
        ServerStack server = servers.of(stack);
        if (g.request == null) {
            unseen.decide(g, server.role(), nowNs);
        }
        OpenRequest request = g.request;
        if (request == null || !isMain(g, request)) {
            return;
        }
        request.confirmed |= server.role() == Role.SERVING;
        // The deeper one is what the middleware around it called.
        if (server.handler().frames().size() > request.handler.frames().size()) {
            request.handler = server.handler();
            request.confirmed = true;
        }
        if (request.source != Source.ANNOTATED && server.role() == Role.FINISHING) {
            end(request, g, nowNs);
            g.answered = false;
        }
    }

    /** A stack that the goroutine ran with. */
    void ran(Goroutine g, Stack stack, long nowNs) {
        seen(g, stack, nowNs);
        if (!HttpNames.isServe(g.start)) {
            return;
        }
        Role role = servers.of(stack).role();
        g.answered &= role != Role.IDLE && role != Role.FINISHING;
        if (role != Role.IDLE) {
            return;
        }
        if (g.request != null && g.request.confirmed && g.request.source != Source.ANNOTATED) {
            end(g.request, g, nowNs); // the next one was there before this one's answer was out
        }
        if (g.request == null) {
            open(g, Source.HTTP, nowNs); // it reads: the next request may be there without a wait for it
        }
    }

    OpenRequest open(Goroutine main, Source source, long nowNs) {
        if (requests.size() >= MAX_OPEN) {
            notFollowed++;
            return null;
        }
        OpenRequest request = new OpenRequest(nextLocal++, main.id, source, nowNs);
        request.split.start(nowNs, world);
        request.causes.start(nowNs, world);
        main.request = request;
        main.undecided = false;
        main.prelude = null;
        main.interrupted = null;
        main.answered = false;
        requests.add(request);
        return request;
    }

    /** A task says exactly when the handling begins: what was inferred before it is dropped. */
    void restart(OpenRequest request, Source source, long nowNs) {
        request.source = source;
        request.confirmed = true;
        request.startNs = nowNs;
        request.cpuNs = 0;
        request.waits.clear();
        SplitMeter split = request.split;
        split.clear();
        split.start(nowNs, world);
        request.causes.clear();
        request.causes.start(nowNs, world);
    }

    /** The request's main goroutine is done with it. */
    void end(OpenRequest request, Goroutine main, long nowNs) {
        if (request.split.markNs < nowNs || request.causes.markNs < nowNs) {
            leaving(main, nowNs);
        }
        partFromAll(request, nowNs);
        request.endNs = nowNs;
        request.changed = true;
        main.request = null;
        main.answered = HttpNames.isServe(main.start);
        pooled.requestEnded(request, goroutines, nowNs);
        late.requestEnded(request, main, nowNs);
        main.forgetLate();
    }

    /** What its goroutines do from now on is not for the request. */
    private static void partFromAll(OpenRequest request, long nowNs) {
        if (!request.ended()) {
            request.members.forEach(member -> request.parts(member, nowNs));
        }
    }

    /** The goroutine is gone. */
    void ended(Goroutine g, long nowNs) {
        OpenRequest request = g.request;
        if (g.worker != null) {
            pooled.release(g, nowNs);
        }
        if (request == null) {
            late.orphanEnded(g, nowNs);
            late.connectionEnded(g);
            return;
        }
        if (isMain(g, request)) {
            end(request, g, nowNs);
            late.connectionEnded(g);
        } else {
            late.memberEnded(request, g, nowNs);
            request.members.remove(g);
            if (!request.ended()) {
                request.parts(g, nowNs);
            }
            g.request = null;
        }
    }

    int countOpen() {
        int open = 0;
        for (OpenRequest request : requests) {
            open += request.ended() ? 0 : 1;
        }
        return open;
    }

    static boolean isMain(Goroutine g, OpenRequest request) {
        return request.mainGoroutine == g.id && !request.ended();
    }
}
