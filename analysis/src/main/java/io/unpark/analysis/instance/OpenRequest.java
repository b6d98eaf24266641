package io.unpark.analysis.instance;

import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.LateWork;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.Wait;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A request that has not been told of for the last time: it runs, or it has ended and goroutines of it go on after its
 * deadline. Times are the trace's clock unless the name says wall. A mutable record for the trackers of this package.
 */
final class OpenRequest {
    static final long NONE = Long.MIN_VALUE;
    static final Comparator<Wait> LONGEST_FIRST = Comparator.comparingLong(Wait::durationNs)
            .reversed()
            .thenComparingLong(Wait::startNs)
            .thenComparingLong(Wait::goroutine);

    /** How we know of it: from the shape of net/http's goroutines, a task of somebody's, or our annotations. */
    enum Source {
        HTTP,
        TASK,
        ANNOTATED
    }

    /** Unique within the instance, from 1. */
    final long local;

    final long mainGoroutine;
    Source source;

    /** Of HTTP: a handler was seen to run. */
    boolean confirmed;

    long task;
    String traceId = "";
    String spanId = "";
    String parentSpanId = "";
    String route = "";
    long startNs;
    boolean startTruncated;

    /** When its main goroutine was done with it, or NONE. */
    long endNs = NONE;

    /** Its end was not seen: a generation is missing. */
    boolean cut;

    long headerDeadlineWallNs;
    long contextDeadlineWallNs;

    /** When the deadline passed or it was cancelled, or NONE. */
    long expiredNs = NONE;

    boolean canceled;

    /** The expiry was read off a wake-up: it may have been the shorter deadline of one call. */
    boolean expiryInferred;

    /** The watcher of its connection ended: nobody waits for the answer. */
    boolean clientLeft;

    /** It ended while the handler was at work: the client may just have had its answer. */
    boolean clientLeftInDoubt;

    long cpuNs;

    /** From the handler's frame outwards. */
    Stack handler = Stack.EMPTY;

    final SplitMeter split = new SplitMeter();
    final List<Wait> waits = new ArrayList<>();
    final List<OutgoingCall> calls = new ArrayList<>();
    final List<LateWork> late = new ArrayList<>();

    /** Alive, without the main one. */
    final Set<Goroutine> members = new LinkedHashSet<>();

    /** Where its time went, and why. */
    final CauseTree causes = new CauseTree();

    /** It counts in its route's history. */
    boolean measured;

    /** How it compares with that history, judged when it ended. */
    SlowVerdict verdict = SlowVerdict.NONE;

    /** Something to tell since the last generation's end. */
    boolean changed = true;

    OpenRequest(long local, long mainGoroutine, Source source, long startNs) {
        this.local = local;
        this.mainGoroutine = mainGoroutine;
        this.source = source;
        this.startNs = startNs;
    }

    boolean ended() {
        return endNs != NONE;
    }

    boolean expired() {
        return expiredNs != NONE;
    }

    /** The one deadline that holds on entry: the earlier of header and context; 0 for none. */
    long deadlineWallNs() {
        if (headerDeadlineWallNs == 0 || contextDeadlineWallNs == 0) {
            return Math.max(headerDeadlineWallNs, contextDeadlineWallNs);
        }
        return Math.min(headerDeadlineWallNs, contextDeadlineWallNs);
    }

    Confidence attribution() {
        return source == Source.ANNOTATED || !traceId.isEmpty() ? Confidence.CERTAIN : Confidence.LIKELY;
    }

    /** Keeps the longest waits. */
    void addWait(Wait wait) {
        waits.add(wait);
        if (waits.size() > 2 * RequestSegment.MAX_WAITS) {
            waits.sort(LONGEST_FIRST);
            waits.subList(RequestSegment.MAX_WAITS, waits.size()).clear();
        }
    }
}
