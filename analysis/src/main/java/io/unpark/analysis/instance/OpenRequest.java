package io.unpark.analysis.instance;

import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.LateWork;
import io.unpark.analysis.model.Member;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.Wait;
import io.unpark.trace.GoState;
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

    /** Tasks within a request, and workers of a request, that are followed at once. */
    static final int MAX_INNER_TASKS = 64;

    static final int MAX_WORKERS = 64;
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

    /** A task that a request's server opened holds most of it: one that takes less is a part, such as a query. */
    private static final long MIN_TASK_PERCENT = 50;

    /** The longest at work first. */
    static final Comparator<Member> BUSIEST_FIRST =
            Comparator.comparingLong(Member::cpuNs).reversed().thenComparingLong(Member::goroutine);

    /** Unique within the instance, from 1. */
    final long local;

    final long mainGoroutine;
    Source source;

    /** Of HTTP: a handler was seen to run. */
    boolean confirmed;

    /** The task that stands for it, 0 for none; and its parts that are open. */
    long task;

    final List<Long> innerTasks = new ArrayList<>();

    /** When {@link #task} began on a request whose bounds are known by its shape; and how long that lasted, once ended. */
    long taskStartNs = NONE;

    long taskNs;

    /** Its tasks are parts of it, none stands for the whole. */
    boolean onlyParts;

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

    /** The expiry or cancellation was an event of the trace, not only the time of a deadline that is known. */
    boolean expirySeen;

    /** It has ended, and whether its client had left shows when its connection goes on or ends. */
    boolean leftUnresolved;

    /** Its deadlines were told: what was not told does not exist. */
    boolean told;

    /** File and line of what logged its ids, as its deadline would have been. */
    String idLogger = "";

    /** The same file logged its deadline too. */
    boolean deadlineLogged;

    /** How often its answer was flushed before its end. */
    int flushes;

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

    /** Those that are done with it, the busiest; and how many goroutines were ever made for it. */
    final List<Member> formerMembers = new ArrayList<>();

    long membersMade;

    /** When it ended it was among the slowest of its route and minute. */
    boolean slowest;

    /** Where its time went, and why. */
    final CauseTree causes = new CauseTree();

    /** It counts in its route's history. */
    boolean measured;

    /** How it compares with that history, judged when it ended. */
    SlowVerdict verdict = SlowVerdict.NONE;

    /** Who served it without having been created for it. */
    final List<Worker> workers = new ArrayList<>();

    /** Something to tell since the last generation's end. */
    boolean changed = true;

    OpenRequest(long local, long mainGoroutine, Source source, long startNs) {
        this.local = local;
        this.mainGoroutine = mainGoroutine;
        this.source = source;
        this.startNs = startNs;
    }

    /** Nothing more will show whether its client had left: it had. */
    void resolveLeft(LongMap<Goroutine> goroutines) {
        leftUnresolved = false;
        Goroutine connection = goroutines.get(mainGoroutine);
        if (connection != null && connection.left == this) {
            connection.left = null;
        }
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

    /** The task stands for the request no more: it was one part of several. */
    void forgetTask() {
        onlyParts = true;
        if (task != 0 && taskNs == 0 && innerTasks.size() < MAX_INNER_TASKS) {
            innerTasks.add(task); // it goes on as a part
        }
        task = 0;
        traceId = "";
        spanId = "";
        parentSpanId = "";
        route = "";
    }

    /** A task of somebody's that stands for the request ends. */
    void taskEnded(long nowNs) {
        taskNs = nowNs - Math.max(startNs, taskStartNs);
    }

    /** At the end, or told while it runs: whether what its task said is about the request as a whole. */
    boolean isNamedByPart(long nowNs) {
        boolean byTask = source == Source.HTTP && taskStartNs != NONE && !onlyParts;
        long heldNs = taskNs > 0 ? taskNs : nowNs - taskStartNs;
        return byTask && heldNs * 100 < (nowNs - startNs) * MIN_TASK_PERCENT;
    }

    /** The worker's record: the one it has if it served this request before; null when there are too many. */
    Worker worker(long goroutine, String start, Stack home, long nowNs) {
        Worker worker = null;
        for (Worker known : workers) {
            if (known.goroutine == goroutine) {
                worker = known;
            }
        }
        if (worker == null && workers.size() >= MAX_WORKERS) {
            return null;
        }
        if (worker == null) {
            worker = new Worker(this, goroutine, start, home, nowNs);
            workers.add(worker);
        }
        worker.home = home;
        worker.sinceNs = nowNs;
        return worker;
    }

    /** The goroutine joins it. */
    void join(Goroutine member) {
        member.request = this;
        member.cpuForRequestNs = 0;
        members.add(member);
        membersMade++;
    }

    /** The goroutine is done with it, or the request is over; keeps the busiest. */
    void parts(Goroutine member, long nowNs) {
        formerMembers.add(member(member, nowNs));
        if (formerMembers.size() > 2 * RequestSegment.MAX_MEMBERS) {
            formerMembers.sort(BUSIEST_FIRST);
            formerMembers
                    .subList(RequestSegment.MAX_MEMBERS, formerMembers.size())
                    .clear();
        }
    }

    private Member member(Goroutine g, long nowNs) {
        long runsNs = g.state == GoState.RUNNING ? Math.max(0, nowNs - Math.max(g.sinceNs, startNs)) : 0;
        return new Member(g.id, g.start, false, true, g.cpuForRequestNs + runsNs);
    }

    /** All that worked for it, the busiest first. */
    List<Member> allMembers(long nowNs) {
        List<Member> all = new ArrayList<>(formerMembers);
        if (!ended()) {
            members.forEach(g -> all.add(member(g, nowNs)));
        }
        workers.forEach(w -> all.add(new Member(w.goroutine, w.start, true, w.certain, w.cpuNs)));
        all.sort(BUSIEST_FIRST);
        return all.subList(0, Math.min(RequestSegment.MAX_MEMBERS, all.size()));
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
