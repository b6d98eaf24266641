package io.unpark.analysis.request;

import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.analysis.model.Wait;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How one hop spent its time: the time split of its main goroutine, with what it waited for other services told apart. The parts
 * add up to the split's total, to the nanosecond.
 */
final class Budget {
    static final String DOWNSTREAM = "downstream";

    private static final Comparator<Part> LARGEST =
            Comparator.comparingLong(Part::ns).reversed().thenComparing(Part::name);
    private static final Comparator<OutgoingCall> FIRST =
            Comparator.comparingLong(OutgoingCall::startNs).thenComparing(OutgoingCall::spanId);

    /** One kind of time. {@code name} is as it is shown, such as {@code blocked (select)} or {@code downstream orders:80}. */
    record Part(String name, long ns) {
        boolean isDownstream() {
            return name.startsWith(DOWNSTREAM);
        }
    }

    private Budget() {}

    /** The parts that are not zero, the largest first. */
    static List<Part> of(RequestSegment segment) {
        TimeSplit split = segment.split();
        TreeMap<String, Long> blocked = new TreeMap<>(split.blockedNs());
        TreeMap<String, Long> parts = new TreeMap<>();
        List<OutgoingCall> calls = segment.calls().stream().sorted(FIRST).toList();
        for (Wait wait : segment.waits()) {
            if (wait.goroutine() == segment.goroutine()) {
                downstream(segment, wait, calls, blocked, parts);
            }
        }
        blocked.forEach((reason, ns) -> parts.put("blocked (" + reason + ")", ns));
        parts.put("running", split.runningNs());
        parts.put("runnable", split.runnableNs());
        parts.put("syscall", split.syscallNs());
        parts.put("gc assist", split.gcAssistNs());
        parts.put("stop-the-world", split.stopTheWorldNs());
        List<Part> shown = new ArrayList<>();
        for (Map.Entry<String, Long> part : parts.entrySet()) {
            if (part.getValue() > 0) {
                shown.add(new Part(part.getKey(), part.getValue()));
            }
        }
        shown.sort(LARGEST);
        return shown;
    }

    /** Moves what of a wait lies within calls from its reason to their peers; without calls, a round trip's wait as a whole. */
    private static void downstream(
            RequestSegment segment,
            Wait wait,
            List<OutgoingCall> calls,
            Map<String, Long> blocked,
            Map<String, Long> parts) {
        if (calls.isEmpty() && DeadlineFacts.isRoundTrip(wait)) {
            move(wait.durationNs(), wait.reason(), DOWNSTREAM, blocked, parts);
            return;
        }
        long atNs = wait.startNs();
        long endNs = wait.startNs() + wait.durationNs();
        for (OutgoingCall call : calls) {
            long fromNs = Math.max(atNs, call.startNs());
            long toNs = Math.min(endNs, call.endNs() == 0 ? segment.endNs() : call.endNs());
            if (toNs > fromNs) {
                move(toNs - fromNs, wait.reason(), DOWNSTREAM + " " + call.peer(), blocked, parts);
                atNs = toNs;
            }
        }
    }

    private static void move(long ns, String reason, String part, Map<String, Long> blocked, Map<String, Long> parts) {
        long there = Math.min(ns, blocked.getOrDefault(reason, 0L));
        blocked.merge(reason, -there, Long::sum);
        parts.merge(part, there, Long::sum);
    }
}
