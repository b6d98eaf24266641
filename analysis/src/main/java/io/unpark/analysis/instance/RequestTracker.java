package io.unpark.analysis.instance;

import io.unpark.analysis.instance.OpenRequest.Source;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.Wait;
import io.unpark.analysis.place.UserCode;
import io.unpark.trace.GoState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Follows requests: when they begin and end, which goroutines work for them, and where their time goes. What a task or a
 * log says comes in through {@link RequestAnnotations}; what happens after the deadline is {@link LateWatch}'s.
 */
final class RequestTracker {
    /** Waits shorter than this are in the time split, but are not kept one by one. */
    private static final long MIN_WAIT_NS = 1_000_000L;

    /** Open requests of one instance; those that begin beyond it are counted and not followed. */
    static final int MAX_OPEN = 100_000;

    /** Standard-library functions that run the caller's own function on a new goroutine. */
    private static final Set<String> RUNS_USER_CODE =
            Set.of("sync.(*WaitGroup).Go.func1", "net/http.(*timeoutHandler).ServeHTTP.func1");

    private final Shape.Cache shapes;
    private final UserCode userCode;
    private final StopTheWorld world;
    private final LateWatch late;
    private final CausalWalk walk;
    final List<OpenRequest> requests = new ArrayList<>();
    long nextLocal = 1;
    long notFollowed;

    RequestTracker(Shape.Cache shapes, UserCode userCode, StopTheWorld world, LateWatch late, CausalWalk walk) {
        this.shapes = shapes;
        this.userCode = userCode;
        this.world = world;
        this.late = late;
        this.walk = walk;
    }

    /** A goroutine was created: it works for its creator's request, unless it belongs to a connection or a pool. */
    void created(Goroutine child, Goroutine creator, long nowNs) {
        OpenRequest request = creator.request;
        if (HttpNames.isBackgroundRead(child.start)) {
            confirm(creator, nowNs);
            child.bornInRequest = creator.request == null ? 0 : creator.request.local;
            return;
        }
        if (request == null || request.ended() && creator.id == request.mainGoroutine) {
            return;
        }
        child.bornInRequest = request.local;
        if (worksForRequest(child)) {
            child.request = request;
            request.members.add(child);
        }
    }

    private boolean worksForRequest(Goroutine child) {
        return RUNS_USER_CODE.contains(child.start) || !userCode.isStandardLibrary(child.start);
    }

    /** The goroutine leaves its state: the time it spent there belongs to its request. */
    void leaving(Goroutine g, long nowNs) {
        OpenRequest request = g.request;
        if (request == null) {
            return;
        }
        if (g.state == GoState.RUNNING) {
            request.cpuNs += Math.max(0, nowNs - Math.max(g.sinceNs, request.startNs));
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
        Shape shape = shapes.of(g.blocked);
        OpenRequest request = g.request;
        if (request != null && isMain(g, request) && request.source != Source.ANNOTATED) {
            if (shape.idle() || shape.finishing()) {
                end(request, g, nowNs);
                return;
            }
        }
        // After a hijack the handler goes on without a request: only one that never had any is opened here.
        boolean unseen = !g.created() && !g.hadRequest;
        if (request == null
                && unseen
                && shape.serverConnection()
                && !shape.handler().isEmpty()) {
            openTruncated(g, nowNs);
        }
        seen(g, g.blocked, nowNs);
    }

    /** A handler that was at work before we could see its request begin. */
    private void openTruncated(Goroutine g, long nowNs) {
        OpenRequest request = open(g, Source.HTTP, nowNs);
        if (request != null) {
            request.startTruncated = true;
        }
    }

    /** A generation is missing: nobody knows how the open requests went on. */
    void gap(LongMap<Goroutine> goroutines, long lastNs) {
        for (OpenRequest request : requests) {
            request.members.forEach(m -> m.request = null);
            request.members.clear();
            if (!request.ended()) {
                Goroutine main = goroutines.get(request.mainGoroutine);
                if (main != null) {
                    walk.cut(request, main, lastNs);
                    main.request = null;
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
        if (request == null && shapes.of(g.blocked).idle()) {
            open(g, Source.HTTP, nowNs);
        }
    }

    /** Its start is the trace's clock: a wall clock may become known only at the generation's end. */
    Wait wait(Goroutine g, long fromNs, long toNs, boolean atLeast) {
        return new Wait(g.id, fromNs, toNs - fromNs, atLeast, g.reason, g.blocked, g.waker, g.wakerStack);
    }

    /** A stack of a running goroutine: it may show which handler runs. */
    void seen(Goroutine g, Stack stack, long nowNs) {
        OpenRequest request = g.request;
        if (request == null || !isMain(g, request) || stack.isEmpty()) {
            return;
        }
        if (request.handler.isEmpty()) {
            Stack handler = shapes.of(stack).handler();
            if (!handler.isEmpty()) {
                request.handler = handler;
                request.confirmed = true;
            }
        }
        if (request.source == Source.HTTP && shapes.of(stack).finishing()) {
            end(request, g, nowNs);
        }
    }

    /** A server connection's goroutine began to watch for the client's leaving: a request is being handled. */
    private void confirm(Goroutine connection, long nowNs) {
        if (!HttpNames.isServe(connection.start)) {
            return;
        }
        if (connection.request == null) {
            open(connection, Source.HTTP, nowNs);
        }
        if (connection.request != null) {
            connection.request.confirmed = true;
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
        main.hadRequest = true;
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
        request.endNs = nowNs;
        request.changed = true;
        main.request = null;
        late.requestEnded(request, main, nowNs);
        main.forgetLate();
    }

    /** The goroutine is gone. */
    void ended(Goroutine g, long nowNs) {
        OpenRequest request = g.request;
        if (request == null) {
            late.orphanEnded(g, nowNs);
            return;
        }
        if (isMain(g, request)) {
            end(request, g, nowNs);
        } else {
            late.memberEnded(request, g, nowNs);
            request.members.remove(g);
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
