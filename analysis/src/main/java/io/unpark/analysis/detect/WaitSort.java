package io.unpark.analysis.detect;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import java.util.List;
import java.util.Set;

/** What sort of wait a place is, by its innermost frames: how long a correct program may wait there. */
enum WaitSort {
    /** Nobody waits here for long in a correct program: a send, a lock, a full pool. */
    TRANSIENT,
    /** A correct program may wait here for as long as there is nothing to do: a receive, a select, a condition. */
    IDLE_CAPABLE,
    /** Waits for another machine. */
    REMOTE,
    /** Says nothing: sleep, accept, signals, a connection that waits for its next request, the runtime's own. */
    NEVER;

    private static final int INNERMOST = 8;

    private static final Set<String> LOCKS = Set.of(
            "sync.(*Mutex).Lock",
            "sync.(*RWMutex).Lock",
            "sync.(*RWMutex).RLock",
            "sync.(*Once).Do",
            "sync.(*Once).doSlow",
            "internal/sync.(*Mutex).Lock");

    private static final Set<String> POOLS = Set.of(
            "database/sql.(*DB).conn",
            "net/http.(*Transport).getConn",
            "golang.org/x/sync/semaphore.(*Weighted).Acquire",
            "io.(*pipe).write");

    private static final Set<String> QUIET = Set.of(
            "time.Sleep",
            "internal/poll.(*FD).Accept",
            "os/signal.loop",
            "os/signal.signal_recv",
            "net/http.(*conn).readRequest",
            "net/http.(*connReader).backgroundRead",
            "net/http.(*persistConn).readLoop.func4",
            "runtime.main",
            "testing.(*T).Run",
            "os.(*Process).blockUntilWaitable",
            "os.(*Process).pidfdWait",
            "os/exec.(*Cmd).Wait");

    /** What iter.Pull starts: its code is the iterator's. */
    private static final String COROUTINE = "runtime.corostart";

    static WaitSort of(Stack place, String reason, String start) {
        List<String> inner =
                place.frames().stream().limit(INNERMOST).map(Frame::function).toList();
        if (isQuiet(reason, start, place, inner)) {
            return NEVER;
        }
        if (inner.isEmpty()) {
            return ofReason(reason);
        }
        if (inner.stream().anyMatch(LOCKS::contains) || inner.stream().limit(4).anyMatch(POOLS::contains)) {
            return TRANSIENT;
        }
        String top = inner.get(0);
        if (top.startsWith("runtime.chansend") || reason.startsWith("chan send") || isForever(reason, top)) {
            return TRANSIENT;
        }
        if (reason.equals("network") || top.startsWith("internal/poll.") || isStandardSelect(inner)) {
            return REMOTE;
        }
        return ofReason(reason);
    }

    private static WaitSort ofReason(String reason) {
        if (reason.startsWith("chan send") || isForever(reason, "")) {
            return TRANSIENT;
        }
        return reason.startsWith("GC") ? NEVER : IDLE_CAPABLE;
    }

    private static boolean isForever(String reason, String top) {
        return reason.contains("(nil chan)")
                || reason.contains("(no cases)")
                || reason.equals("forever")
                || top.equals("runtime.block");
    }

    private static boolean isQuiet(String reason, String start, Stack place, List<String> inner) {
        return start.startsWith("runtime.") && !start.equals(COROUTINE)
                || start.startsWith("runtime/")
                || reason.equals("sleep")
                || reason.startsWith("system goroutine")
                || reason.startsWith("GC ")
                || reason.equals("wait for debug call")
                || inner.stream().anyMatch(QUIET::contains)
                || isHttpLoopAtRest(start, place);
    }

    /** A server's connection that waits for its next request, a client's that is kept for the next one. */
    private static boolean isHttpLoopAtRest(String start, Stack place) {
        return switch (start) {
            case "net/http.(*conn).serve", "net/http.(*persistConn).readLoop" ->
                place.frames().stream()
                        .map(Frame::function)
                        .anyMatch(f -> f.equals("bufio.(*Reader).Peek") || f.equals("net/http.(*persistConn).Read"));
            // It tells nothing by itself: it waits for as long as its connection's readLoop does.
            case "net/http.(*persistConn).writeLoop" -> true;
            default -> false;
        };
    }

    /** The selects of net/http's client around a request that is on its way. */
    private static boolean isStandardSelect(List<String> inner) {
        String first = inner.get(0).startsWith("runtime.") && inner.size() > 1 ? inner.get(1) : inner.get(0);
        return first.startsWith("net/http.") || first.startsWith("net.") || first.startsWith("crypto/tls.");
    }
}
