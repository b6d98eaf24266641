package io.unpark.analysis.instance;

import io.unpark.trace.GoState;

/**
 * Whose client has left, of the handlers that are older than the trace: net/http has a goroutine that watches the connection for as
 * long as a handler runs and its client is there. Which watcher is whose is not known then, but that there are too few of them is.
 */
final class Watchers {
    private static final int MIN_HANDLERS = 3;

    private int watching;
    private int handling;
    private int reading;

    void met(Goroutine g) {
        if (g.created()) {
            return;
        }
        watching += HttpNames.isBackgroundRead(g.start) ? 1 : 0;
        handling += isWaitingHandler(g) ? 1 : 0;
        // A handler that has taken the connection over is not watched, but somebody reads from it.
        reading += ConnectionReaders.isReader(g) ? 1 : 0;
    }

    /** To be asked when all were met. */
    boolean isLeft(Goroutine g) {
        return isWaitingHandler(g) && handling >= MIN_HANDLERS && (watching + reading) * 2 < handling;
    }

    private static boolean isWaitingHandler(Goroutine g) {
        return !g.created()
                && g.state == GoState.WAITING
                && HttpNames.isServe(g.start)
                && g.request != null
                && g.request.startTruncated // of one that began in the trace its watcher is known
                && RequestTracker.isMain(g, g.request);
    }
}
