package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.trace.GoState;
import java.util.List;
import java.util.Set;

/** Tells who waits for a connection: a reader, or a copy from one connection to another, which the kernel may do (splice). */
final class ConnectionReaders {
    private static final int INNERMOST = 10;
    private static final Set<String> ACCEPTING = Set.of("internal/poll.(*FD).Accept");
    private static final Set<String> READING = Set.of("net.(*conn).Read", "net.spliceFrom", "net.(*TCPConn).WriteTo");

    private ConnectionReaders() {}

    /** Waits for somebody to connect. */
    static boolean accepts(Goroutine g) {
        return isIn(g, ACCEPTING);
    }

    /** Waits for a connection in code of the user's or of a protocol's, not in net/http's own loops. */
    static boolean isReader(Goroutine g) {
        return g.state == GoState.WAITING && !g.start.startsWith("net/http.") && isIn(g, READING);
    }

    private static boolean isIn(Goroutine g, Set<String> functions) {
        List<Frame> frames = g.blocked.frames();
        for (int i = 0; i < Math.min(INNERMOST, frames.size()); i++) {
            if (functions.contains(frames.get(i).function())) {
                return true;
            }
        }
        return false;
    }
}
