package io.unpark.app.events;

import io.unpark.trace.EventContext;
import io.unpark.trace.EventVisitor;
import io.unpark.trace.GoState;
import io.unpark.trace.ProcState;
import io.unpark.trace.RangeScope;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many events of each kind, and in what time. */
public final class EventCounter implements EventVisitor {
    private static final GoState[] STATES = GoState.values();
    private static final int COUNT_WIDTH = 12;
    private static final long NONE_YET = Long.MIN_VALUE;

    private final long[] transitions = new long[STATES.length * STATES.length];
    private final Map<String, long[]> others = new HashMap<>();
    private long firstNs = NONE_YET;
    private long lastNs = NONE_YET;

    @Override
    public void sync(EventContext at, int n) {
        count(at, "sync");
    }

    @Override
    public void goroutine(EventContext at, long goroutine, GoState from, GoState to, int reason, int stack) {
        time(at);
        transitions[from.ordinal() * STATES.length + to.ordinal()]++;
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
        long[] count = others.get(kind);
        if (count == null) {
            count = new long[1];
            others.put(kind, count);
        }
        count[0]++;
    }

    private void time(EventContext at) {
        // Times only grow.
        lastNs = at.timeNs();
        if (firstNs == NONE_YET) {
            firstNs = lastNs;
        }
    }

    /** Counts by kind, the most frequent first, then the sum. No formatter and no stream: they take long to start. */
    public void print(PrintWriter out, int generations, long tookNs) {
        List<Counted> counts = new ArrayList<>();
        for (Map.Entry<String, long[]> other : others.entrySet()) {
            counts.add(new Counted(other.getKey(), other.getValue()[0]));
        }
        for (int i = 0; i < transitions.length; i++) {
            if (transitions[i] > 0) {
                counts.add(new Counted(transitionName(i), transitions[i]));
            }
        }
        Collections.sort(counts);
        long total = 0;
        for (Counted counted : counts) {
            total += counted.count;
            out.append(padded(counted.count)).append("  ").println(counted.kind);
        }
        double seconds = total == 0 ? 0 : (lastNs - firstNs) / 1e9;
        out.append(padded(total)).append("  events in ").append(Integer.toString(generations));
        out.append(" generations, ")
                .append(millis(lastNs == NONE_YET ? 0 : lastNs - firstNs))
                .append(" s of the process, ");
        out.append(Long.toString(seconds > 0 ? Math.round(total / seconds) : 0)).append(" events/s; decoded in ");
        out.append(millis(tookNs)).println(" s");
    }

    private record Counted(String kind, long count) implements Comparable<Counted> {
        @Override
        public int compareTo(Counted other) {
            return count == other.count ? kind.compareTo(other.kind) : Long.compare(other.count, count);
        }
    }

    private static String padded(long number) {
        String digits = Long.toString(number);
        return " ".repeat(Math.max(0, COUNT_WIDTH - digits.length())).concat(digits);
    }

    /** Seconds with three decimals. */
    private static String millis(long ns) {
        long ms = (ns + 500_000) / 1_000_000;
        String decimals = Long.toString(1000 + ms % 1000).substring(1);
        return Long.toString(ms / 1000).concat(".").concat(decimals);
    }

    private static String transitionName(int index) {
        String from = "goroutine ".concat(STATES[index / STATES.length].goName());
        return from.concat("->").concat(STATES[index % STATES.length].goName());
    }
}
