package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.trace.GoState;
import java.util.List;

/**
 * Explains a request's time while it passes. A wait is followed backwards: from its end, what the one who ended it had been
 * doing, and, where that one waited itself, what its waker had been doing, until the wait's own beginning is reached. So
 * every nanosecond of a wait is that of one goroutine that did something else, or that nobody could hurry.
 */
final class CausalWalk {
    /** Shorter waits are told, not followed. */
    static final long MIN_FOLLOWED_NS = 500_000L;

    private static final int MAX_DEPTH = 8;

    /** Goroutines looked at for one wait. */
    private static final int MAX_VISITS = 64;

    /** What a goroutine waits for when nobody woke it. */
    private static final String TIMER = "timer";

    private final Causes causes;
    private final Shape.Cache shapes;
    private final StopTheWorld world;
    private int visits;

    /** The wait at hand has not ended. */
    private boolean goesOn;

    private OpenRequest request;
    private CauseTree tree;

    CausalWalk(Causes causes, Shape.Cache shapes, StopTheWorld world) {
        this.causes = causes;
        this.shapes = shapes;
        this.world = world;
    }

    /** Accounts the time since the last call to what the request's main goroutine did until now. */
    void until(OpenRequest of, Goroutine main, long nowNs) {
        account(of, of.causes, main, nowNs);
    }

    /** What the main goroutine did before its stacks showed the request: how long is known, where is not. */
    void unplaced(OpenRequest of, Goroutine main, SplitMeter before, long sinceNs) {
        request = of;
        tree = of.causes;
        TimeSplit split = before.split();
        unplaced(HopKind.RUNNING, "", main, sinceNs, split.runningNs());
        unplaced(HopKind.READY, "", main, sinceNs, split.runnableNs());
        unplaced(HopKind.SYSCALL, "", main, sinceNs, split.syscallNs());
        unplaced(HopKind.GC_ASSIST, "", main, sinceNs, split.gcAssistNs());
        unplaced(HopKind.STOPPED, "", main, sinceNs, split.stopTheWorldNs());
        split.blockedNs().forEach((reason, ns) -> unplaced(HopKind.WAITING, reason, main, sinceNs, ns));
        of.causes.restoreMarks(before.markNs, before.stwMark());
    }

    /** A generation is missing: what the main goroutine did until now is not known. */
    void missing(OpenRequest of, Goroutine main, long nowNs) {
        request = of;
        tree = of.causes;
        unplaced(HopKind.UNKNOWN, "", main, tree.markNs, nowNs - tree.markNs);
    }

    private void unplaced(HopKind kind, String reason, Goroutine main, long sinceNs, long ns) {
        if (ns > 0) {
            spend(CauseTree.TOP, kind, reason, Stack.EMPTY, main, sinceNs, ns);
        }
    }

    /** The tree up to now, of a request that goes on: what its main goroutine is in the middle of included. */
    CauseTree snapshot(OpenRequest of, Goroutine main, long nowNs) {
        CauseTree copy = of.causes.copy();
        if (main != null && !of.ended()) {
            accountUnended(of, copy, main, nowNs);
        }
        return copy;
    }

    /** What comes after now is missing. */
    void cut(OpenRequest of, Goroutine main, long nowNs) {
        accountUnended(of, of.causes, main, nowNs);
    }

    private void accountUnended(OpenRequest of, CauseTree into, Goroutine main, long nowNs) {
        long waker = main.waker;
        Stack wakerStack = main.wakerStack;
        main.waker = Goroutine.NOBODY; // nobody has ended it yet
        main.wakerStack = Stack.EMPTY;
        goesOn = true;
        account(of, into, main, nowNs);
        goesOn = false;
        main.waker = waker;
        main.wakerStack = wakerStack;
    }

    private void account(OpenRequest of, CauseTree into, Goroutine main, long nowNs) {
        long fromNs = into.markNs;
        long length = nowNs - fromNs;
        if (length <= 0) {
            return;
        }
        request = of;
        tree = into;
        long stopped = Math.min(length, Math.max(0, world.totalAt(nowNs) - into.stwMark));
        switch (main.state) {
            case RUNNING -> ready(main, main.assisting ? HopKind.GC_ASSIST : HopKind.RUNNING, fromNs, nowNs, stopped);
            case RUNNABLE -> ready(main, main.assisting ? HopKind.GC_ASSIST : HopKind.READY, fromNs, nowNs, stopped);
            case SYSCALL -> spend(CauseTree.TOP, HopKind.SYSCALL, "", main.lastUserStack, main, fromNs, length);
            case WAITING -> waited(main, fromNs, nowNs);
            case UNDETERMINED, NOT_EXIST ->
                spend(CauseTree.TOP, HopKind.UNKNOWN, "", Stack.EMPTY, main, fromNs, length);
        }
        into.start(nowNs, world);
    }

    private void ready(Goroutine main, HopKind kind, long fromNs, long toNs, long stopped) {
        if (stopped > 0) {
            spend(CauseTree.TOP, HopKind.STOPPED, "", main.lastUserStack, main, fromNs, stopped);
        }
        long length = toNs - fromNs - stopped;
        if (length == 0) {
            return;
        }
        int node = node(CauseTree.TOP, kind, "", main.lastUserStack, "", main, fromNs);
        int instead = kind == HopKind.READY && length >= MIN_FOLLOWED_NS ? causes.ranDuring(main, fromNs, toNs) : -1;
        if (instead >= 0) {
            ranInstead(node, causes.runner(instead), causes.runStack(instead), fromNs, length);
        } else {
            tree.spend(node, length);
        }
    }

    private void ranInstead(int node, Goroutine runner, Stack stack, long fromNs, long length) {
        spend(node, HopKind.RUNNING, "", stack, runner, fromNs, length);
    }

    private void waited(Goroutine main, long fromNs, long toNs) {
        int node = node(CauseTree.TOP, HopKind.WAITING, main.reason, main.blocked, main.callSpan, main, fromNs);
        tree.nodes.get(node).partial |= main.sinceAtLeast;
        visits = 0;
        if (toNs - fromNs < MIN_FOLLOWED_NS) {
            tree.spend(node, toNs - fromNs);
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
            spend(node, HopKind.WAITING, TIMER, tree.nodes.get(node).stack, waiter, fromNs, toNs - fromNs);
            return;
        }
        Goroutine w = waker == Goroutine.NOBODY || isRoot(reason) ? null : causes.find(waker);
        if (w == null && goesOn && depth == 0 && waiter.id == request.mainGoroutine) {
            w = awaited(waiter);
        }
        if (w == null || w == waiter || w.id == request.mainGoroutine || depth >= MAX_DEPTH || visits++ >= MAX_VISITS) {
            tree.spend(node, toNs - fromNs);
            return;
        }
        CauseTree.Node told = tree.nodes.get(node);
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
        boolean known = ofGroup || ofAnswer && request.members.size() == 1;
        Goroutine awaited = null;
        for (Goroutine member : known ? request.members : List.<Goroutine>of()) {
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
        int now = node(node, kind, waits ? w.reason : "", stack, waits ? w.callSpan : "", w, beganNs);
        tree.spend(now, toNs - beganNs);
        return beganNs;
    }

    private void step(int node, Goroutine w, int i, long fromNs, long toNs, int depth) {
        StepRing steps = w.steps;
        HopKind kind = steps.kind(i);
        int child = node(node, kind, steps.reason(i), steps.stack(i), steps.span(i), w, fromNs);
        if (steps.isMixed(i)) {
            tree.nodes.get(child).partial = true;
            tree.spend(child, toNs - fromNs);
        } else if (kind == HopKind.WAITING) {
            follow(child, w, steps.reason(i), steps.other(i), steps.otherStack(i), fromNs, toNs, depth + 1);
        } else if (kind == HopKind.READY && steps.other(i) != Goroutine.NOBODY) {
            Goroutine runner = causes.find(steps.other(i));
            ranInstead(child, runner == null ? w : runner, steps.otherStack(i), fromNs, toNs - fromNs);
        } else {
            tree.spend(child, toNs - fromNs);
        }
    }

    /** Steps too short to be kept: it was busy. */
    private long shortSteps(int node, Goroutine w, long fromNs, long toNs) {
        spend(node, HopKind.RUNNING, "", w.lastUserStack, w, fromNs, toNs - fromNs);
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
            int unknown = node(node, HopKind.UNKNOWN, "", Stack.EMPTY, "", w, fromNs);
            tree.nodes.get(unknown).partial = true;
            tree.spend(unknown, cursor - fromNs);
        }
    }

    /** Before it was born its creator was at work; one without a creator was started by a timer. */
    private void born(int node, Goroutine w, long fromNs, long toNs, int depth) {
        Goroutine creator = w.creator == Goroutine.NOBODY ? null : causes.find(w.creator);
        boolean mayFollow = depth < MAX_DEPTH && visits++ < MAX_VISITS;
        if (creator != null && creator.id != request.mainGoroutine && mayFollow) {
            back(node, creator, fromNs, toNs, depth + 1);
        } else if (w.creator == Goroutine.NOBODY && w.creation.isEmpty()) {
            spend(node, HopKind.WAITING, TIMER, w.lastUserStack, w, fromNs, toNs - fromNs);
        } else {
            tree.spend(node, toNs - fromNs);
        }
    }

    private void spend(int parent, HopKind kind, String reason, Stack stack, Goroutine g, long startNs, long ns) {
        tree.spend(node(parent, kind, reason, stack, "", g, startNs), ns);
    }

    private int node(int parent, HopKind kind, String reason, Stack stack, String span, Goroutine g, long startNs) {
        Frame line = shapes.of(stack).userLine();
        String function = line == null ? "" : line.function();
        int index = tree.node(parent, kind, reason, stack, function, span, g, startNs);
        CauseTree.Node node = tree.nodes.get(index);
        if (startNs < node.startNs) {
            node.startNs = startNs;
        }
        OpenRequest theirs = g.request;
        if (theirs != null && theirs != request && node.otherRoute.isEmpty() && node.otherRequest.isEmpty()) {
            node.otherRoute = theirs.route;
            node.otherRequest = theirs.traceId;
        }
        return index;
    }
}
