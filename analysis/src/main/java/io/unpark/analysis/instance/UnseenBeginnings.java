package io.unpark.analysis.instance;

import io.unpark.analysis.instance.OpenRequest.Source;
import io.unpark.analysis.instance.ServerStack.Role;
import io.unpark.trace.GoState;

/**
 * Requests that nobody saw begin, since that was before the trace or in a generation that is missing. Until a goroutine's stacks
 * show whether it is in the middle of one, what it does is kept as its {@link Prelude}.
 */
final class UnseenBeginnings {
    private final RequestTracker tracker;
    private final StopTheWorld world;
    private final LongMap<Goroutine> goroutines;
    private final CausalWalk walk;

    /** When the generation at hand began: what is silent since then has been so all the time. */
    private long beganNs;

    private long beganStoppedNs;

    UnseenBeginnings(RequestTracker tracker, InstanceState state, CausalWalk walk) {
        this.tracker = tracker;
        this.world = state.world;
        this.goroutines = state.goroutines;
        this.walk = walk;
    }

    void generationBegan(long nowNs) {
        beganNs = nowNs;
        beganStoppedNs = world.totalAt(nowNs);
    }

    /** What nothing has shown by now will not show: every goroutine tells in a generation where it is. */
    void generationEnded() {
        goroutines.forEachSorted(g -> {
            if (g.prelude != null && g.prelude.serving) {
                open(g, Source.HTTP, beganNs);
            }
            g.prelude = null;
            g.interrupted = null;
        });
    }

    /** The goroutine has been there since before what we saw. */
    void met(Goroutine g) {
        OpenRequest before = g.interrupted;
        if (before != null && ServerNames.isStream(g.start)) {
            resume(before, g); // it handles one request in its life
            return;
        }
        g.undecided = g.start.isEmpty() || before != null || ServerNames.isOfServer(g.start);
    }

    /** An undecided goroutine leaves its state: that may turn out to be a request's time. */
    void leaving(Goroutine g, long nowNs) {
        if (g.prelude == null) {
            g.prelude = new Prelude();
            g.prelude.split.restoreMarks(beganNs, beganStoppedNs);
        }
        g.prelude.split.until(nowNs, g.state, g.assisting, g.reason, world);
        if (g.state == GoState.RUNNING) {
            g.prelude.cpuNs += Math.max(0, nowNs - g.sinceNs);
        }
    }

    /** The first stack of an undecided goroutine. */
    void decide(Goroutine g, Role role, long nowNs) {
        boolean tasks = g.interrupted != null && g.interrupted.task != 0;
        if (tasks && role == Role.SERVING && g.prelude != null) {
            g.prelude.serving = true; // its task may tell that it is the same request as before
        } else if (role == Role.SERVING || role == Role.FINISHING) {
            open(g, Source.HTTP, nowNs);
        } else if (role != Role.NONE || !tasks && !ServerNames.isOfServer(g.start)) {
            g.undecided = false;
            g.prelude = null;
        }
    }

    /** A handler that was at work before we could see its request begin; null when too many are open. */
    OpenRequest open(Goroutine g, Source source, long nowNs) {
        Prelude prelude = g.undecided ? g.prelude : null;
        long sinceNs = g.undecided ? beganNs : nowNs;
        OpenRequest request = tracker.open(g, source, sinceNs);
        if (request == null) {
            return null;
        }
        request.startTruncated = true;
        request.confirmed = true;
        if (sinceNs == beganNs) {
            restoreMarks(request);
        }
        append(request, g, prelude);
        return request;
    }

    /** One of its tasks was seen: if a missing generation interrupted it, it went on after that. */
    void alive(OpenRequest request) {
        Goroutine main = request.ended() ? goroutines.get(request.mainGoroutine) : null;
        if (main != null && main.interrupted == request && main.request == null) {
            resume(request, main);
        }
    }

    /** It went on after the missing generation; what it did in that one is not known. */
    private void resume(OpenRequest request, Goroutine main) {
        Prelude prelude = main.prelude;
        main.interrupted = null;
        main.undecided = false;
        main.prelude = null;
        main.request = request;
        request.endNs = OpenRequest.NONE;
        request.cut = false;
        request.split.until(beganNs, GoState.UNDETERMINED, false, "", world);
        walk.missing(request, main, beganNs);
        restoreMarks(request);
        append(request, main, prelude);
    }

    private void restoreMarks(OpenRequest request) {
        request.split.restoreMarks(beganNs, beganStoppedNs);
        request.causes.restoreMarks(beganNs, beganStoppedNs);
    }

    private void append(OpenRequest request, Goroutine main, Prelude prelude) {
        if (prelude != null) {
            request.split.append(prelude.split);
            request.cpuNs += prelude.cpuNs;
            walk.unplaced(request, main, prelude.split, beganNs);
        }
    }
}
