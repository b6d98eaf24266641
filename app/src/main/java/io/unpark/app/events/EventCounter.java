package io.unpark.app.events;

import io.unpark.trace.EventContext;
import io.unpark.trace.EventVisitor;
import io.unpark.trace.GoState;
import io.unpark.trace.ProcState;
import io.unpark.trace.RangeScope;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How many events of each kind, and in what time. */
public final class EventCounter implements EventVisitor {
    private final long[] transitions = new long[GoState.values().length * GoState.values().length];
    private final Map<String, long[]> others = new TreeMap<>();
    private long firstNs = Long.MAX_VALUE;
    private long lastNs = Long.MIN_VALUE;

    @Override
    public void sync(EventContext at, int n) {
        count(at, "sync");
    }

    @Override
    public void goroutine(EventContext at, long goroutine, GoState from, GoState to, int reason, int stack) {
        time(at);
        transitions[from.ordinal() * GoState.values().length + to.ordinal()]++;
    }

    @Override
    public void proc(EventContext at, long proc, ProcState from, ProcState to) {
        count(at, "proc");
    }

    @Override
    public void rangeBegin(EventContext at, String name, RangeScope scope, long scopeId) {
        count(at, "range begin");
    }

    @Override
    public void rangeActive(EventContext at, String name, RangeScope scope, long scopeId) {
        count(at, "range active");
    }

    @Override
    public void rangeEnd(EventContext at, String name, RangeScope scope, long scopeId, long swept, long reclaimed) {
        count(at, "range end");
    }

    @Override
    public void metric(EventContext at, String name, long value) {
        count(at, "metric");
    }

    @Override
    public void label(EventContext at, long goroutine, int label) {
        count(at, "label");
    }

    @Override
    public void stackSample(EventContext at) {
        count(at, "CPU sample");
    }

    @Override
    public void taskBegin(EventContext at, long task, long parent, int type) {
        count(at, "task begin");
    }

    @Override
    public void taskEnd(EventContext at, long task, long parent, int type) {
        count(at, "task end");
    }

    @Override
    public void regionBegin(EventContext at, long task, int type) {
        count(at, "region begin");
    }

    @Override
    public void regionEnd(EventContext at, long task, int type) {
        count(at, "region end");
    }

    @Override
    public void log(EventContext at, long task, int category, int message) {
        count(at, "log");
    }

    @Override
    public void experimental(EventContext at, String experiment, String name, long[] args, int argCount) {
        count(at, "experimental");
    }

    private void count(EventContext at, String kind) {
        time(at);
        others.computeIfAbsent(kind, unseen -> new long[1])[0]++;
    }

    private void time(EventContext at) {
        firstNs = Math.min(firstNs, at.timeNs());
        lastNs = Math.max(lastNs, at.timeNs());
    }

    /** Counts by kind, the most frequent first, then the sum. */
    public void print(PrintWriter out, int generations, long tookNs) {
        Map<String, Long> counts = new TreeMap<>();
        others.forEach((kind, count) -> counts.put(kind, count[0]));
        for (int i = 0; i < transitions.length; i++) {
            if (transitions[i] > 0) {
                counts.put(transitionName(i), transitions[i]);
            }
        }
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(
                        entry -> out.println(String.format(Locale.ROOT, "%12d  %s", entry.getValue(), entry.getKey())));
        long total = counts.values().stream().mapToLong(Long::longValue).sum();
        double seconds = total == 0 ? 0 : (lastNs - firstNs) / 1e9;
        out.println(String.format(
                Locale.ROOT,
                "%12d  events in %d generations, %.3f s of the process, %.0f events/s; decoded in %.3f s",
                total,
                generations,
                seconds,
                seconds > 0 ? total / seconds : 0,
                tookNs / 1e9));
    }

    private static String transitionName(int index) {
        GoState[] states = GoState.values();
        return "goroutine " + states[index / states.length].goName() + "->" + states[index % states.length].goName();
    }
}
