package io.unpark.analysis.instance;

import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.TimeSplit;

/** Explains a request's time while it passes: what its main goroutine did, and what it waited for ({@link WaitWalk}). */
final class CausalWalk {
    /** Shorter waits are told, not followed. */
    static final long MIN_FOLLOWED_NS = 500_000L;

    private final Causes causes;
    private final StopTheWorld world;
    private final CauseNotes notes;
    private final WaitWalk waits;

    CausalWalk(Causes causes, Shape.Cache shapes, StopTheWorld world) {
        this.causes = causes;
        this.world = world;
        this.notes = new CauseNotes(shapes);
        this.waits = new WaitWalk(causes, shapes, notes);
    }

    /** Accounts the time since the last call to what the request's main goroutine did until now. */
    void until(OpenRequest of, Goroutine main, long nowNs) {
        account(of, of.causes, main, nowNs, false);
    }

    /** What the main goroutine did before its stacks showed the request: how long is known, where is not. */
    void unplaced(OpenRequest of, Goroutine main, SplitMeter before, long sinceNs) {
        notes.about(of, of.causes);
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
        notes.about(of, of.causes);
        unplaced(HopKind.UNKNOWN, "", main, of.causes.markNs, nowNs - of.causes.markNs);
    }

    private void unplaced(HopKind kind, String reason, Goroutine main, long sinceNs, long ns) {
        if (ns > 0) {
            notes.spend(CauseTree.TOP, kind, reason, Stack.EMPTY, main, sinceNs, ns);
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
        account(of, into, main, nowNs, true);
        main.waker = waker;
        main.wakerStack = wakerStack;
    }

    private void account(OpenRequest of, CauseTree into, Goroutine main, long nowNs, boolean goesOn) {
        long fromNs = into.markNs;
        long length = nowNs - fromNs;
        if (length <= 0) {
            return;
        }
        notes.about(of, into);
        long stopped = Math.min(length, Math.max(0, world.totalAt(nowNs) - into.stwMark));
        switch (main.state) {
            case RUNNING -> ready(main, main.assisting ? HopKind.GC_ASSIST : HopKind.RUNNING, fromNs, nowNs, stopped);
            case RUNNABLE -> ready(main, main.assisting ? HopKind.GC_ASSIST : HopKind.READY, fromNs, nowNs, stopped);
            case SYSCALL -> notes.spend(CauseTree.TOP, HopKind.SYSCALL, "", main.lastUserStack, main, fromNs, length);
            case WAITING -> waits.waited(main, fromNs, nowNs, goesOn);
            case UNDETERMINED, NOT_EXIST ->
                notes.spend(CauseTree.TOP, HopKind.UNKNOWN, "", Stack.EMPTY, main, fromNs, length);
        }
        into.start(nowNs, world);
    }

    private void ready(Goroutine main, HopKind kind, long fromNs, long toNs, long stopped) {
        if (stopped > 0) {
            notes.spend(CauseTree.TOP, HopKind.STOPPED, "", main.lastUserStack, main, fromNs, stopped);
        }
        long length = toNs - fromNs - stopped;
        if (length == 0) {
            return;
        }
        int node = notes.node(CauseTree.TOP, kind, "", main.lastUserStack, "", main, fromNs);
        int instead = kind == HopKind.READY && length >= MIN_FOLLOWED_NS ? causes.ranDuring(main, fromNs, toNs) : -1;
        if (instead >= 0) {
            Goroutine runner = causes.runner(instead);
            notes.spend(node, HopKind.RUNNING, "", causes.runStack(instead), runner, fromNs, length);
        } else {
            notes.tree().spend(node, length);
        }
    }
}
