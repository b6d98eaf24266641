package io.unpark.analysis.instance;

import io.unpark.analysis.instance.OpenRequest.Source;
import io.unpark.analysis.model.LateWork;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Stack;
import io.unpark.trace.GoState;
import java.util.List;

/**
 * Watches what goes on after a request's deadline or cancellation. A goroutine that also outlives requests which did
 * <em>not</em> expire is detached by design (an audit record, a cache fill) and is not blamed.
 */
final class LateWatch {
    private final long slackNs;
    private final TraceClock clock;
    private final Detachment detachment;
    final Stalls stalls;

    LateWatch(long slackNs, TraceClock clock, Detachment detachment) {
        this.slackNs = slackNs;
        this.clock = clock;
        this.detachment = detachment;
        this.stalls = new Stalls(slackNs / 2);
    }

    /** The context was seen to expire or to be cancelled; the first time counts. */
    void expired(OpenRequest request, long nowNs, boolean canceled, boolean inferred) {
        boolean told = request.source == Source.ANNOTATED;
        if (!request.ended() && !request.expired() && !(told && inferred)) {
            request.expiredNs = nowNs;
            request.canceled = canceled;
            request.expiryInferred = inferred;
            request.expirySeen = true;
        }
    }

    /** The connection's watcher ended before the handler returned. {@code waited}: the handler was waiting for something. */
    void clientLeft(OpenRequest request, long nowNs, boolean waited) {
        if (request.source == Source.ANNOTATED) {
            return; // told exactly; a watcher also ends when the client sends its next request early
        }
        if (!request.expired()) {
            request.clientLeftInDoubt = !waited;
        }
        expired(request, nowNs, true, false);
        request.clientLeft = true;
    }

    /** The connection goes on to its next request: its watcher had ended for that, not because the client was gone. */
    void clientStayed(Goroutine connection, long nowNs) {
        takeBack(connection.left, nowNs);
        takeBack(connection.request, nowNs);
        connection.left = null;
    }

    private void takeBack(OpenRequest request, long nowNs) {
        if (request == null || !request.clientLeft) {
            return;
        }
        request.clientLeft = false;
        request.leftUnresolved = false;
        request.canceled = false;
        request.expirySeen = false;
        request.expiredNs = OpenRequest.NONE;
        request.late.clear();
        request.changed = true;
        if (request.ended()) {
            request.members.forEach(member -> detachment.orphan(member, nowNs));
            request.members.clear();
        }
    }

    /** The connection is over: its client had left indeed. */
    void connectionEnded(Goroutine connection) {
        if (connection.left != null) {
            connection.left.leftUnresolved = false;
            connection.left = null;
        }
    }

    /** One goroutine wakes another: a goroutine that serves two requests is a part of neither. */
    void met(Goroutine waker, Goroutine woken) {
        if (waker.request != null && waker.request == woken.request && waker.id != waker.request.mainGoroutine) {
            detachment.handedOver(waker);
        }
        if (waker.request != null && woken.request != null && waker.request != woken.request) {
            leave(waker);
            leave(woken);
        }
    }

    private void leave(Goroutine member) {
        OpenRequest request = member.request;
        if (member.id == request.mainGoroutine) {
            return;
        }
        request.members.remove(member);
        request.changed |= request.late.removeIf(work -> work.goroutine() == member.id);
        member.request = null;
        detachment.shared(member);
    }

    /** The goroutine ran until now: what of it lies after the deadline is late. */
    void ran(OpenRequest request, Goroutine g, long nowNs) {
        long lateNs = lateNs(request, g, nowNs);
        if (lateNs > 0) {
            g.cpuLateNs += lateNs;
            spent(g, g.lastUserStack, lateNs);
        }
    }

    /** Where a request's goroutine stopped running. A handler that flushes its answer again and again is a stream. */
    void ranAt(Goroutine g, Shape shape) {
        if (shape.flushing() && g.id == g.request.mainGoroutine) {
            g.request.flushes++;
        }
    }

    /** The goroutine waited until now. */
    void waited(OpenRequest request, Goroutine g, long nowNs) {
        long lateNs = lateNs(request, g, nowNs);
        if (lateNs > 0) {
            spent(g, g.blocked, lateNs);
        }
    }

    private long lateNs(OpenRequest request, Goroutine g, long nowNs) {
        long expiryNs = expiryNs(request);
        return expiryNs == OpenRequest.NONE ? 0 : nowNs - Math.max(g.sinceNs, expiryNs);
    }

    /** Where it spent the longest stretch of its late time is where it should have looked at the context. */
    private static void spent(Goroutine g, Stack where, long ns) {
        if (ns > g.lateLongestNs) {
            g.lateLongestNs = ns;
            g.lateStack = where;
        }
    }

    /** The handler returned. Who goes on although the request had not expired is detached. */
    void requestEnded(OpenRequest request, Goroutine main, long nowNs) {
        boolean wentOn = request.expired() && nowNs - request.expiredNs > slackNs;
        // The handler went on for long after a wake-up: it was one call's own deadline, not the request's.
        boolean onlyOneCalls = request.expiryInferred && wentOn;
        // The handler was about to return when the client left: it had its answer.
        boolean answered = request.clientLeftInDoubt && !wentOn;
        if (onlyOneCalls || answered) {
            request.expiredNs = OpenRequest.NONE;
            request.expiryInferred = false;
            request.canceled = false;
            request.expirySeen = false;
        }
        passed(request, nowNs);
        if (request.expired()) {
            note(request, main, nowNs, false);
        } else {
            request.members.forEach(member -> detachment.orphan(member, nowNs));
            request.members.clear();
        }
        if (request.clientLeft && request.expired()) {
            request.leftUnresolved = true;
            main.left = request;
        }
    }

    void memberEnded(OpenRequest request, Goroutine member, long nowNs) {
        passed(request, nowNs);
        if (request.expired()) {
            note(request, member, nowNs, false);
        } else {
            detachment.endedWithin(member);
        }
    }

    /** A goroutine without an open request ended. */
    void orphanEnded(Goroutine g, long nowNs) {
        detachment.ended(g, nowNs);
    }

    /** At a generation's end: who is still at work. */
    void boundary(OpenRequest request, Goroutine main, long nowNs) {
        passed(request, nowNs);
        boolean mayStillBeOneCalls = request.expiryInferred && !request.ended();
        if (!request.expired() || mayStillBeOneCalls) {
            return;
        }
        request.late.removeIf(LateWork::stillAtWork);
        if (!request.ended() && main != null) {
            note(request, main, nowNs, true);
        }
        List.copyOf(request.members).forEach(member -> note(request, member, nowNs, true));
    }

    /** A deadline that is known may have passed without a trace of its own: nobody waited for it. */
    private void passed(OpenRequest request, long nowNs) {
        long expiryNs = expiryNs(request);
        long workedUntilNs = request.ended() ? request.endNs : nowNs;
        if (!request.expired() && expiryNs != OpenRequest.NONE && expiryNs < workedUntilNs) {
            request.expiredNs = Math.max(expiryNs, request.startNs);
        }
    }

    private long expiryNs(OpenRequest request) {
        if (request.expired()) {
            return request.expiredNs;
        }
        long deadlineWallNs = request.deadlineWallNs();
        if (deadlineWallNs == 0 || !clock.known()) {
            return OpenRequest.NONE;
        }
        long dueNs = clock.trace(deadlineWallNs);
        // Only a context has a timer; nothing need happen when a header's time is up.
        return request.contextDeadlineWallNs == deadlineWallNs ? stalls.firedNs(dueNs) : dueNs;
    }

    private boolean isDetached(OpenRequest request, Goroutine g, long nowNs) {
        return g.id != request.mainGoroutine
                && (detachment.isDetached(g, nowNs) || isStartedForThat(request, g) && !detachment.isAwaited(g));
    }

    /** Started when the deadline had passed already: to undo or to tell what was not done in time. */
    private static boolean isStartedForThat(OpenRequest request, Goroutine g) {
        return request.expired() && g.created() && g.createdNs >= request.expiredNs;
    }

    private void note(OpenRequest request, Goroutine g, long nowNs, boolean still) {
        long lateNs = nowNs - request.expiredNs;
        if (!request.expired()
                || lateNs <= slackNs
                || isDetached(request, g, nowNs)
                || request.late.size() >= RequestSegment.MAX_LATE) {
            return;
        }
        boolean running = still && g.state == GoState.RUNNING;
        long cpuNs = g.cpuLateNs + (running ? nowNs - Math.max(g.sinceNs, request.expiredNs) : 0);
        Stack where = g.lateStack.isEmpty() ? g.lastUserStack : g.lateStack;
        request.late.add(new LateWork(g.id, lateNs, cpuNs, still, where));
        request.changed = true;
    }
}
