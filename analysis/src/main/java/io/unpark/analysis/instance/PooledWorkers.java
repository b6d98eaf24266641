package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import io.unpark.trace.GoState;
import java.util.List;
import java.util.Set;

/**
 * Goroutines that serve many requests, each for a while. One serves a request from the moment that a goroutine of the
 * request hands it something over a channel or a condition, until it waits for work again, answers, or gets something from
 * another; that is inferred. A region of the request's task on it, or a log, says so for certain. It ends with the request.
 */
final class PooledWorkers {
    private static final Set<String> SENDS =
            Set.of("runtime.chansend1", "runtime.chansend", "runtime.selectnbsend", "runtime.selectgo");
    private static final Set<String> RECEIVES =
            Set.of("runtime.chanrecv1", "runtime.chanrecv2", "runtime.chanrecv", "runtime.selectgo");
    private static final Set<String> SIGNALS = Set.of("sync.(*Cond).Signal", "sync.runtime_notifyListNotifyOne");
    private static final Set<String> JOINS = Set.of("sync.(*WaitGroup).Wait", "sync.(*Cond).Wait");

    /** Frames of the runtime and of sync above the function that matters. */
    private static final int DEPTH = 4;

    private final Shape.Cache shapes;
    private final UserCode userCode;

    PooledWorkers(Shape.Cache shapes, UserCode userCode) {
        this.shapes = shapes;
        this.userCode = userCode;
    }

    /** The request that the goroutine works for, as one of its own or as a worker; null for none or one that is over. */
    private static OpenRequest worksFor(Goroutine g) {
        OpenRequest request = g.request != null ? g.request : g.worker != null ? g.worker.request : null;
        return request == null || request.ended() ? null : request;
    }

    /** {@code waker} made {@code woken} runnable, which waited as {@code woken} still says. */
    void woke(Goroutine waker, Goroutine woken, Stack wakerStack, long nowNs) {
        OpenRequest request = worksFor(waker);
        boolean took = woken.reason.equals("chan send");
        if (took && woken.worker != null && woken.worker.request == waker.request) {
            release(woken, nowNs); // the request got its answer
            return;
        }
        if (waker.worker != null && woken.request == waker.worker.request && isAnswered(woken)) {
            release(waker, nowNs);
        } else if (request != null && woken.request == null && isHandedTo(woken, wakerStack)) {
            adopt(woken, request, woken.blocked, nowNs);
        }
        if (took && waker.request == null && isTop(wakerStack, RECEIVES)) {
            OpenRequest from = worksFor(woken);
            if (from != null && mayServe(waker)) {
                adopt(waker, from, wakerStack, nowNs); // it took what a goroutine of the request could not get rid of
            }
        }
    }

    private boolean isHandedTo(Goroutine woken, Stack wakerStack) {
        boolean given = woken.reason.equals("chan receive") || woken.reason.equals("select")
                ? isTop(wakerStack, SENDS)
                : woken.reason.startsWith("sync") && isTop(wakerStack, SIGNALS);
        return given && mayServe(woken) && shapes.of(woken.blocked).userLine() != null;
    }

    /** Who waits for a lock gets no answer from whom lets it go. */
    private static boolean isAnswered(Goroutine woken) {
        return woken.reason.equals("chan receive")
                || woken.reason.equals("select")
                || woken.reason.startsWith("sync") && isTop(woken.blocked, JOINS);
    }

    private static boolean isTop(Stack stack, Set<String> functions) {
        List<Frame> frames = stack.frames();
        for (int i = 0; i < Math.min(DEPTH, frames.size()); i++) {
            if (functions.contains(frames.get(i).function())) {
                return true;
            }
        }
        return false;
    }

    /** Not what the standard library and servers keep going for connections. */
    private boolean mayServe(Goroutine g) {
        if (g.mayServeAsked) {
            return g.mayServe;
        }
        if (g.start.isEmpty()) {
            return false;
        }
        g.mayServeAsked = true;
        g.mayServe = !userCode.isStandardLibrary(g.start) && !ServerNames.isPlumbing(g.start);
        return g.mayServe;
    }

    /** A region of the request's task begins on the goroutine. */
    void regionBegan(Goroutine g, OpenRequest request, long nowNs) {
        if (g.request != null || request.ended()) {
            return;
        }
        if (g.worker == null || g.worker.request != request) {
            adopt(g, request, Stack.EMPTY, nowNs);
        }
        if (g.worker != null) {
            g.worker.certain = true;
            g.worker.regions++;
        }
    }

    void regionEnded(Goroutine g, long nowNs) {
        Worker worker = g.worker;
        if (worker != null && worker.regions > 0 && --worker.regions == 0 && worker.home.isEmpty()) {
            release(g, nowNs);
        }
    }

    /** The goroutine logs on the request's task: it works for it until it waits again where it waited before. */
    void logged(Goroutine g, OpenRequest request, long nowNs) {
        if (g == null || g.request != null || request.ended()) {
            return;
        }
        if (g.worker == null || g.worker.request != request) {
            adopt(g, request, g.blocked, nowNs);
        }
        if (g.worker != null) {
            g.worker.certain = true;
        }
    }

    private void adopt(Goroutine g, OpenRequest request, Stack home, long nowNs) {
        if (g.worker != null) {
            release(g, nowNs);
        }
        g.worker = request.worker(g.id, g.start, home, nowNs); // null: too many to follow
    }

    /** The goroutine leaves its state: what it ran is the request's. */
    void leaving(Goroutine g, long nowNs) {
        if (g.state == GoState.RUNNING) {
            Worker worker = g.worker;
            long ranNs = Math.max(0, nowNs - Math.max(g.sinceNs, worker.sinceNs));
            worker.cpuNs += ranNs;
            worker.request.cpuNs += ranNs;
            worker.request.changed = true;
        }
    }

    /** It blocks at {@code g.blocked}. */
    void blocked(Goroutine g, long nowNs) {
        Worker worker = g.worker;
        if (worker.regions == 0 && (worker.home.isEmpty() || worker.home == g.blocked)) {
            release(g, nowNs);
        }
    }

    /** It is done with the request. What it still runs is its own. */
    void release(Goroutine g, long nowNs) {
        leaving(g, nowNs);
        g.worker.regions = 0;
        g.worker = null;
    }

    /** The request is over. */
    void requestEnded(OpenRequest request, LongMap<Goroutine> goroutines, long nowNs) {
        for (Worker worker : request.workers) {
            Goroutine g = goroutines.get(worker.goroutine);
            if (g != null && g.worker == worker) {
                release(g, nowNs);
            }
        }
    }
}
