package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.trace.GoState;
import java.util.List;

/** Tells who waits for a connection: a reader, or a copy from one connection to another, which the kernel may do (splice). */
final class ConnectionReaders {
    private static final int INNERMOST = 10;

    private ConnectionReaders() {}

    /** Waits for somebody to connect. */
    static boolean accepts(Goroutine g) {
        return g.blocked.frames().stream()
                .limit(INNERMOST)
                .anyMatch(f -> f.function().equals("internal/poll.(*FD).Accept"));
    }

    /** Waits for a connection in code of the user's or of a protocol's, not in net/http's own loops. */
    static boolean isReader(Goroutine g) {
        if (g.state != GoState.WAITING || g.start.startsWith("net/http.")) {
            return false;
        }
        List<String> inner = g.blocked.frames().stream()
                .limit(INNERMOST)
                .map(Frame::function)
                .toList();
        return inner.contains("net.(*conn).Read")
                || inner.contains("net.spliceFrom")
                || inner.contains("net.(*TCPConn).WriteTo");
    }
}
