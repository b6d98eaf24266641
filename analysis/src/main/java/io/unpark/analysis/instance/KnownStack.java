package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import java.util.List;

/**
 * A stack of a correlator's {@link StackTable}, with what the trackers found out about it: an event costs them a field's
 * look-up, not a search. What follows from the frames alone stays; the rest holds for one {@link StackTable#epoch}.
 */
final class KnownStack extends Stack {
    /** What it tells of the user's code, null while nobody has asked. */
    Shape shape;

    private int epoch;

    /** What it tells of a server, null while nobody has asked. */
    private ServerStack server;

    /** The place that it is when somebody waits there, null while nobody has. */
    private Stack place;

    /** The history of the waits there, null before the first. */
    private WaitHistory waits;

    /** The sum that a wait there counted for last, with its route and reason. */
    private BlockMeter.Sum blocked;

    /** The cohort of those created there that was asked for last, with its start function. */
    private Cohort cohort;

    private String start;

    /** The waits at the lock that this place is. */
    private LockMeter.Lock lock;

    private String route;
    private String reason;

    KnownStack(List<Frame> frames) {
        super(frames);
    }

    /** Forgets what was found out in another epoch. */
    private void in(int now) {
        if (epoch != now) {
            epoch = now;
            server = null;
            place = null;
            waits = null;
            blocked = null;
            cohort = null;
            lock = null;
        }
    }

    ServerStack server(int now) {
        in(now);
        return server;
    }

    void server(ServerStack found) {
        server = found;
    }

    Stack place(int now) {
        in(now);
        return place;
    }

    void place(Stack found) {
        place = found;
    }

    WaitHistory waits(int now) {
        in(now);
        return waits;
    }

    void waits(WaitHistory found) {
        waits = found;
    }

    /** The cohort of this start function created there, null when another was asked for last. */
    Cohort cohort(int now, String ofStart) {
        in(now);
        return cohort != null && start.equals(ofStart) ? cohort : null;
    }

    void cohort(Cohort found, String ofStart) {
        cohort = found;
        start = ofStart;
    }

    LockMeter.Lock lock(int now) {
        in(now);
        return lock;
    }

    void lock(LockMeter.Lock found) {
        lock = found;
    }

    /** The sum of the waits there for this route and reason, null when another was asked for last. */
    BlockMeter.Sum blocked(int now, String ofRoute, String ofReason) {
        in(now);
        return blocked != null && route.equals(ofRoute) && reason.equals(ofReason) ? blocked : null;
    }

    void blocked(BlockMeter.Sum found, String ofRoute, String ofReason) {
        blocked = found;
        route = ofRoute;
        reason = ofReason;
    }
}
