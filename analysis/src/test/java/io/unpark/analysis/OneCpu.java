package io.unpark.analysis;

import io.unpark.testkit.TraceText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * A process with one CPU, told step by step, as a trace: goroutines are created, run, block, are woken and end. Each
 * generation begins with the state of those alive, as the runtime writes it. Stacks are those of TraceText:
 * {@code main.f@/src/main.go:3<main.main@/src/main.go:1}. Trace time 0 is {@link #T0_NS}.
 */
public final class OneCpu {
    /** Wall clock of trace time 0. */
    public static final long T0_NS = 1_700_000_000_000_000_000L - 1;

    public static final long MS = 1_000_000L;
    private static final long NOBODY = -1;

    /** Events a batch: it must stay below 64 KiB. */
    private static final int MAX_BATCH = 500;

    private static final class State {
        String status;
        String stack = "";
        int sequence;
    }

    private final StringBuilder text = new StringBuilder("Trace Go1.26\n");
    private final Map<Long, State> alive = new TreeMap<>();
    private final String clock;
    private long running = NOBODY;
    private long nowNs = 100;
    private long lastNs;
    private int generation;
    private int inBatch;

    /** A process whose goroutine 1 runs. */
    public OneCpu() {
        this("");
    }

    /** @param clock what each generation says of its clock, as TraceText has it: {@code sec=1700000000 nsec=0} */
    public OneCpu(String clock) {
        this.clock = clock;
        State main = new State();
        main.status = "running";
        alive.put(1L, main);
        running = 1;
        generation();
    }

    /** The next generation begins: what is alive is told again. */
    public OneCpu generation() {
        text.append("Generation ")
                .append(++generation)
                .append("\nM 1 at ")
                .append(nowNs)
                .append('\n');
        lastNs = nowNs;
        event("ProcStatus p=0 pstatus=running");
        if (running != NOBODY) {
            event("GoStatus g=" + running + " m=1 gstatus=running");
        }
        alive.forEach((id, g) -> {
            g.sequence = 0;
            if (g.status.equals("waiting")) {
                event("GoStatusStack g=" + id + " m=none gstatus=waiting stack=" + g.stack);
            } else if (id != running) {
                event("GoStatus g=" + id + " m=none gstatus=runnable");
            }
        });
        return this;
    }

    /** Time passes until then. */
    public OneCpu at(long ms) {
        nowNs = Math.max(nowNs, ms * MS);
        return this;
    }

    private void event(String event) {
        if (++inBatch % MAX_BATCH == 0) {
            text.append("M 1 at ").append(nowNs).append('\n');
            lastNs = nowNs;
        }
        nowNs++;
        text.append('+').append(nowNs - lastNs).append(' ').append(event).append('\n');
        lastNs = nowNs;
    }

    /** One that has waited there since before the trace. */
    public OneCpu waiting(long id, String stack) {
        State g = new State();
        g.status = "waiting";
        g.stack = stack;
        alive.put(id, g);
        event("GoStatusStack g=" + id + " m=none gstatus=waiting stack=" + stack);
        return this;
    }

    /** The one that runs creates another. */
    public OneCpu create(long id, String start, String stack) {
        State g = new State();
        g.status = "runnable";
        alive.put(id, g);
        event("GoCreate new_g=" + id + " new_stack=" + start + " stack=" + stack);
        return this;
    }

    /** Nobody may run. */
    public OneCpu run(long id) {
        State g = alive.get(id);
        g.status = "running";
        running = id;
        event("GoStart g=" + id + " g_seq=" + ++g.sequence);
        return this;
    }

    public OneCpu block(String reason, String stack) {
        State g = alive.get(running);
        g.status = "waiting";
        g.stack = stack;
        running = NOBODY;
        event("GoBlock reason=\"" + reason + "\" stack=" + stack);
        return this;
    }

    /** The one that runs is preempted. */
    public OneCpu stop(String stack) {
        alive.get(running).status = "runnable";
        running = NOBODY;
        event("GoStop reason=\"preempted\" stack=" + stack);
        return this;
    }

    /** By the one that runs, or by the poller when nobody does. */
    public OneCpu wake(long id, String stack) {
        State g = alive.get(id);
        g.status = "runnable";
        event("GoUnblock g=" + id + " g_seq=" + ++g.sequence + (stack.isEmpty() ? "" : " stack=" + stack));
        return this;
    }

    public OneCpu end() {
        alive.remove(running);
        running = NOBODY;
        event("GoDestroy");
        return this;
    }

    public OneCpu task(long task, String type) {
        event("UserTaskBegin task=" + task + " name=\"" + type + "\"");
        return this;
    }

    public OneCpu taskEnd(long task) {
        event("UserTaskEnd task=" + task);
        return this;
    }

    /** @param message with Go's escapes, without quotes */
    public OneCpu log(long task, String category, String message, String stack) {
        event("UserLog task=" + task + " key=\"" + category + "\" value=\"" + message + "\""
                + (stack.isEmpty() ? "" : " stack=" + stack));
        return this;
    }

    /** Any event of the one that runs, as TraceText has it. */
    public OneCpu raw(String event) {
        event(event);
        return this;
    }

    /** As TraceText takes it. */
    public String text() {
        return text.toString();
    }

    public Recordings.Generations generations() {
        return generations(text());
    }

    /** Of a text that was changed. */
    public static Recordings.Generations generations(String text) {
        try {
            return Recordings.generations(new ByteArrayInputStream(TraceText.assemble(text)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
