package io.unpark.analysis.request;

import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.PathHop;

/** Hops in words: who it was, by what it is below, and what that one did. */
final class Phrases {
    private Phrases() {}

    /**
     * @param above the hop that this one explains, null for what the request's main goroutine did
     * @param services how many calls lie between this service and the one that the chain is of
     */
    static String of(PathHop hop, PathHop above, int services) {
        if (hop.reason().equals("timer")) {
            return "nobody woke it but a timer";
        }
        String who = above == null ? services == 0 ? "" : "the callee " : who(above);
        return who + did(hop) + (hop.partial() ? " (at least; not all of it is known)" : "");
    }

    private static String who(PathHop above) {
        if (above.kind() == HopKind.READY) {
            return "instead of it another ";
        }
        if (isLock(above)) {
            return "the lock's holder ";
        }
        if (above.wokenAt().equals(PathHop.NOWHERE)) {
            return "one of its goroutines, which it still waits for, ";
        }
        return switch (above.reason()) {
            case "chan send" -> "the receiver ";
            case "chan receive" -> "the sender ";
            default -> "the one that woke it ";
        };
    }

    private static String did(PathHop hop) {
        return switch (hop.kind()) {
            case RUNNING -> "ran";
            case READY -> "was ready, and others ran";
            case SYSCALL -> "was in a system call";
            case GC_ASSIST -> "worked for the garbage collector (mark assist)";
            case STOPPED -> "stood still: the world was stopped";
            case UNKNOWN -> "did what is not known: before the trace, or not kept";
            case WAITING -> waited(hop);
        };
    }

    private static String waited(PathHop hop) {
        if (isLock(hop)) {
            return "waited for a lock";
        }
        if (hop.reason().startsWith("GC")) {
            return "waited for the garbage collector";
        }
        return switch (hop.reason()) {
            case "network" -> hop.span().isEmpty() ? "waited for the network" : "waited for the answer to a call";
            case "sleep" -> "slept";
            case "chan send" -> "waited to send: the channel was full";
            case "chan receive" -> "waited to receive: the channel was empty";
            case "select" -> hop.span().isEmpty() ? "waited in a select" : "waited for the answer to a call";
            case "sync" -> "waited for others (WaitGroup, Once, Cond)";
            case "" -> "waited";
            default -> "waited (" + hop.reason() + ")";
        };
    }

    private static boolean isLock(PathHop hop) {
        String at = hop.at().function();
        return hop.kind() == HopKind.WAITING && (at.endsWith("Mutex).Lock") || at.endsWith("Mutex).RLock"));
    }

    /** Whether the time of such a hop may have passed on the way to a server, or there. */
    static boolean mayBeNetwork(PathHop hop) {
        return hop.kind() == HopKind.WAITING
                && (hop.reason().equals("network")
                        || hop.reason().equals("select")
                        || hop.reason().equals("chan receive"));
    }
}
