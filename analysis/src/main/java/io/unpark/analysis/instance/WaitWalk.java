package io.unpark.analysis.instance;

import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.Stack;
import io.unpark.trace.GoState;
import java.util.List;

/**
 * Explains one wait: it is followed backwards, from its end, what the one who ended it had been doing, and, where that one
 * waited itself, what its waker had been doing, until the wait's own beginning is reached. So every nanosecond of a wait is
 * that of one goroutine that did something else, or that nobody could hurry.
 */
final class WaitWalk {
    private static final int MAX_DEPTH = 8;

    /** Goroutines looked at for one wait. */
    private static final int MAX_VISITS = 64;

    /** What a goroutine waits for when nobody woke it. */
    private static final String TIMER = "timer";

    private final Causes causes;
    private final Shape.Cache shapes;
    private final CauseNotes notes;
    private int visits;

    /** The wait at hand has not ended. */
    private boolean goesOn;

    WaitWalk(Causes causes, Shape.Cache shapes, CauseNotes notes) {
        this.causes = causes;
        this.shapes = shapes;
        this.notes = notes;
    }

    /** The wait of a request's main goroutine, up to now; {@code unended} when it has not ended. */
    void waited(Goroutine main, long fromNs, long toNs, boolean unended) {
        goesOn = unended;
        int node = notes.node(CauseTree.TOP, HopKind.WAITING, main.reason, main.blocked, main.callSpan, main, fromNs);
        notes.tree().nodes.get(node).partial |= main.sinceAtLeast;
        visits = 0;
        if (toNs - fromNs < CausalWalk.MIN_FOLLOWED_NS) {
            notes.tree().spend(node, toNs - fromNs);
        } else {
            follow(node, main, main.reason, main.waker, main.wakerStack, fromNs, toNs, 0);
        }
    }

    /** Explains one wait of a goroutine, of which {@code node} is told already. */
    private void follow(
            int node,
            Goroutine waiter,
            String reason,
            long waker,
            Stack wakerStack,
            long fromNs,
            long toNs,
            int depth) {
        if (waker == Goroutine.NOBODY && !goesOn && (reason.equals("select") || reason.equals("chan receive"))) {
            // Only the runtime's timers send without a goroutine.
            notes.spend(
                    node, HopKind.WAITING, TIMER, notes.tree().nodes.get(node).stack, waiter, fromNs, toNs - fromNs);
            return;
        }
        Goroutine w = waker == Goroutine.NOBODY || isRoot(reason) ? null : causes.find(waker);
        if (w == null && goesOn && depth == 0 && waiter.id == notes.request().mainGoroutine) {
            w = awaited(waiter);
        }
        if (w == null
                || w == waiter
                || w.id == notes.request().mainGoroutine
                || depth >= MAX_DEPTH
                || visits++ >= MAX_VISITS) {
            notes.tree().spend(node, toNs - fromNs);
            return;
        }
        CauseTree.Node told = notes.tree().nodes.get(node);
        if (told.wakerStack.isEmpty()) {
            told.wakerStack = wakerStack;
        }
        back(node, w, fromNs, toNs, depth);
    }

    /**
     * Of a wait that has not ended: the request's own goroutine that it waits for, as it seems. Who waits for a group waits for all
     * that are left of it, the longest idle first of all; an answer over a channel is that of the only one.
     */
    private Goroutine awaited(Goroutine waiter) {
        boolean ofGroup =
                waiter.reason.equals("sync") && shapes.of(waiter.blocked).joins();
        boolean ofAnswer = waiter.reason.equals("chan receive") || waiter.reason.equals("select");
        boolean known = ofGroup || ofAnswer && notes.request().members.size() == 1;
        Goroutine awaited = null;
        for (Goroutine member : known ? notes.request().members : List.<Goroutine>of()) {
            boolean longer = awaited == null
                    || member.sinceNs < awaited.sinceNs
                    || member.sinceNs == awaited.sinceNs && member.id < awaited.id;
            awaited = longer ? member : awaited;
        }
        return awaited;
    }

    /** Whoever ends these has not caused them: the poller, a timer, the collector. */
    private static boolean isRoot(String reason) {
        return reason.isEmpty()
                || reason.equals("network")
                || reason.equals("sleep")
                || reason.equals("forever")
                || reason.startsWith("GC")
                || reason.equals("system goroutine");
    }

    /** What {@code w} did from {@code fromNs} to {@code toNs}, the latest first. */
    private void back(int node, Goroutine w, long fromNs, long toNs, int depth) {
        long cursor = current(node, w, fromNs, toNs);
        StepRing steps = w.steps;
        for (int i = steps == null ? -1 : steps.size() - 1; i >= 0 && cursor > fromNs; i--) {
            if (steps.fromNs(i) >= cursor) {
                continue;
            }
            if (steps.toNs(i) < cursor) {
                cursor = shortSteps(node, w, Math.max(steps.toNs(i), fromNs), cursor);
            }
            if (cursor > fromNs) {
                long pieceNs = Math.max(steps.fromNs(i), fromNs);
                step(node, w, i, pieceNs, cursor, depth);
                cursor = pieceNs;
            }
        }
        if (cursor > fromNs) {
            before(node, w, fromNs, cursor, depth);
        }
    }

    /** What it is in the middle of. */
    private long current(int node, Goroutine w, long fromNs, long toNs) {
        if (w.state == GoState.NOT_EXIST || w.sinceNs >= toNs) {
            return toNs;
        }
        long beganNs = Math.max(w.sinceNs, fromNs);
        HopKind kind = switch (w.state) {
            case RUNNING -> w.assisting ? HopKind.GC_ASSIST : HopKind.RUNNING;
            case RUNNABLE -> HopKind.READY;
            case SYSCALL -> HopKind.SYSCALL;
            case WAITING -> HopKind.WAITING;
            case UNDETERMINED, NOT_EXIST -> HopKind.UNKNOWN;
        };
        boolean waits = kind == HopKind.WAITING;
        Stack stack = waits ? w.blocked : w.lastUserStack;
        int now = notes.node(node, kind, waits ? w.reason : "", stack, waits ? w.callSpan : "", w, beganNs);
        notes.tree().spend(now, toNs - beganNs);
        return beganNs;
    }

    private void step(int node, Goroutine w, int i, long fromNs, long toNs, int depth) {
        StepRing steps = w.steps;
        HopKind kind = steps.kind(i);
        int child = notes.node(node, kind, steps.reason(i), steps.stack(i), steps.span(i), w, fromNs);
        if (steps.isMixed(i)) {
            notes.tree().nodes.get(child).partial = true;
            notes.tree().spend(child, toNs - fromNs);
        } else if (kind == HopKind.WAITING) {
            follow(child, w, steps.reason(i), steps.other(i), steps.otherStack(i), fromNs, toNs, depth + 1);
        } else if (kind == HopKind.READY && steps.other(i) != Goroutine.NOBODY) {
            Goroutine runner = causes.find(steps.other(i));
            Goroutine ran = runner == null ? w : runner;
            notes.spend(child, HopKind.RUNNING, "", steps.otherStack(i), ran, fromNs, toNs - fromNs);
        } else {
            notes.tree().spend(child, toNs - fromNs);
        }
    }

    /** Steps too short to be kept: it was busy. */
    private long shortSteps(int node, Goroutine w, long fromNs, long toNs) {
        notes.spend(node, HopKind.RUNNING, "", w.lastUserStack, w, fromNs, toNs - fromNs);
        return fromNs;
    }

    /** What came before all that is kept of it: its birth, short steps, or nobody knows. */
    private void before(int node, Goroutine w, long fromNs, long toNs, int depth) {
        long cursor = toNs;
        boolean bornWithin = w.created() && w.createdNs > fromNs;
        long knownNs = w.created() ? Math.max(w.createdNs, causes.knownSinceNs) : causes.knownSinceNs;
        long busyFromNs = Math.min(cursor, Math.max(fromNs, knownNs));
        if (busyFromNs < cursor) {
            cursor = shortSteps(node, w, busyFromNs, cursor);
        }
        if (cursor <= fromNs) {
            return;
        }
        if (bornWithin && cursor == w.createdNs) {
            born(node, w, fromNs, cursor, depth);
        } else {
            int unknown = notes.node(node, HopKind.UNKNOWN, "", Stack.EMPTY, "", w, fromNs);
            notes.tree().nodes.get(unknown).partial = true;
            notes.tree().spend(unknown, cursor - fromNs);
        }
    }

    /** Before it was born its creator was at work; one without a creator was started by a timer. */
    private void born(int node, Goroutine w, long fromNs, long toNs, int depth) {
        Goroutine creator = w.creator == Goroutine.NOBODY ? null : causes.find(w.creator);
        boolean mayFollow = depth < MAX_DEPTH && visits++ < MAX_VISITS;
        if (creator != null && creator.id != notes.request().mainGoroutine && mayFollow) {
            back(node, creator, fromNs, toNs, depth + 1);
        } else if (w.creator == Goroutine.NOBODY && w.creation.isEmpty()) {
            notes.spend(node, HopKind.WAITING, TIMER, w.lastUserStack, w, fromNs, toNs - fromNs);
        } else {
            notes.tree().spend(node, toNs - fromNs);
        }
    }
}
