package io.unpark.analysis.instance;

import io.unpark.analysis.model.Stack;
import io.unpark.trace.GoState;

/**
 * What is known of one goroutine that is alive. Times are the trace's clock, nanoseconds. A mutable record for the
 * trackers of this package; nothing else sees it.
 */
final class Goroutine {
    static final long NOBODY = -1;
    static final long UNKNOWN_NS = Long.MIN_VALUE;

    final long id;

    /** Who created it, or NOBODY when it is older than the trace. */
    long creator = NOBODY;

    /** When it was created, or UNKNOWN_NS. */
    long createdNs = UNKNOWN_NS;

    /** Where its creator was. */
    Stack creation = Stack.EMPTY;

    /** The function it started with; of an old one the outermost frame of any stack seen. "" while not known. */
    String start = "";

    /** What {@link #isRuntimes} was answered from, and its answer. */
    private String startAsked = "";

    private boolean runtimes;

    /** The request during which it was created, by local number; 0 for none. */
    long bornInRequest;

    GoState state = GoState.UNDETERMINED;

    /** Since when it is in this state. */
    long sinceNs;

    /** It was in this state before we first saw it: {@link #sinceNs} is the latest possible moment. */
    boolean sinceAtLeast;

    /** Wait reason while waiting, else "". */
    String reason = "";

    /** Where it waits, or waited last. */
    Stack blocked = Stack.EMPTY;

    /** Completed waits at {@link #blocked}, in a row. */
    int wokenHere;

    /** Waits that a timer ended: neither a goroutine nor the network did. */
    int timerWakes;

    /** Waits in the user's own code that another goroutine ended, after its one job: it was given something. */
    int servedWakes;

    /** Where these were, or null for none. */
    ServedPlaces served;

    /** Goroutines that it created since its birth, and when the last of them was. */
    int children;

    long lastChildNs = UNKNOWN_NS;

    /** Of its creator's, born in the same moment before it. */
    int elderSiblings;

    /** The last wake-up: by whom (NOBODY: a timer or the poller) and where that one was. */
    long waker = NOBODY;

    Stack wakerStack = Stack.EMPTY;

    /** Marking for the collector instead of doing its own work. */
    boolean assisting;

    /** A worker of the collector that only takes time nobody else wants. */
    boolean idleMark;

    /** A worker of the collector. */
    boolean markWorker;

    /** Time that it ran after its request's deadline. */
    long cpuLateNs;

    /** The longest stretch of that time, and where it was spent. */
    long lateLongestNs;

    Stack lateStack = Stack.EMPTY;

    /** Where it was seen last with a line of the user's code. */
    Stack lastUserStack = Stack.EMPTY;

    /** Since when it has outlived the request it was made for, or UNKNOWN_NS. */
    long orphanSinceNs = UNKNOWN_NS;

    /** Its last steps, null when there are none that are worth keeping. */
    StepRing steps;

    /** Span id of the outgoing call that it is in, "" for none. */
    String callSpan = "";

    /** What it ran for the request that it is a member of, without being its main goroutine. */
    long cpuForRequestNs;

    /** The open request it works for, or null. */
    OpenRequest request;

    /** The last request on it, when that has ended and its client seemed to have left, else null. */
    OpenRequest left;

    /** The request that it serves for a while without having been created for it, or null. */
    Worker worker;

    /** Whether it may be one of a pool's; not written, as it follows from {@link #start}. */
    boolean mayServe;

    boolean mayServeAsked;

    /** It is older than what we saw, and its stacks have not shown yet whether it is in the middle of a request. */
    boolean undecided;

    /** Its last request ended, and its server still writes the answer. */
    boolean answered;

    /** What it did meanwhile, or null for nothing; not kept beyond the generation. */
    Prelude prelude;

    /** The request that it was the main goroutine of when a generation went missing; not kept beyond the next one. */
    OpenRequest interrupted;

    Goroutine(long id) {
        this.id = id;
    }

    /** Its next request begins afresh. */
    void forgetLate() {
        cpuLateNs = 0;
        lateLongestNs = 0;
        lateStack = Stack.EMPTY;
    }

    /** One of the runtime's own. */
    boolean isRuntimes() {
        if (startAsked != start) {
            startAsked = start;
            runtimes = start.startsWith("runtime.");
        }
        return runtimes;
    }

    boolean created() {
        return createdNs != UNKNOWN_NS;
    }

    /** Learns the start function from the outermost frame, when nothing better is known. */
    void learnStart(Stack stack) {
        if (start.isEmpty() && !stack.isEmpty()) {
            start = stack.frames().get(stack.frames().size() - 1).function();
        }
    }
}
