package io.unpark.app.events;

import io.unpark.trace.EventContext;
import io.unpark.trace.EventVisitor;
import io.unpark.trace.GenerationTables;
import io.unpark.trace.GoState;
import io.unpark.trace.ProcState;
import io.unpark.trace.RangeScope;
import java.io.PrintWriter;

/**
 * One line an event: time on the trace's clock in nanoseconds since its first event, then M, P and G, what happened, and the
 * innermost frame of whom it happened to and of who caused it.
 */
public final class TextPrinter implements EventVisitor {
    private final PrintWriter out;
    private final StringBuilder line = new StringBuilder(256);
    private GenerationTables tables;
    private long zeroNs = Long.MIN_VALUE;

    public TextPrinter(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void generationBegin(GenerationTables ofGeneration) {
        tables = ofGeneration;
    }

    @Override
    public void generationEnd(GenerationTables ofGeneration) {
        tables = null;
    }

    @Override
    public void sync(EventContext at, int n) {
        begin(at, "sync ").append(n);
        end(at);
    }

    @Override
    public void goroutine(EventContext at, long goroutine, GoState from, GoState to, int reason, int stack) {
        begin(at, "goroutine ").append(goroutine).append(' ');
        line.append(from.goName()).append("->").append(to.goName());
        if (reason != 0) {
            quote(reason);
        }
        frame(" at ", stack);
        end(at);
    }

    @Override
    public void proc(EventContext at, long proc, ProcState from, ProcState to) {
        begin(at, "proc ").append(proc).append(' ');
        line.append(from.goName()).append("->").append(to.goName());
        end(at);
    }

    @Override
    public void rangeBegin(EventContext at, String name, RangeScope scope, long scopeId) {
        range(at, "range begin ", name, scope, scopeId);
        end(at);
    }

    @Override
    public void rangeActive(EventContext at, String name, RangeScope scope, long scopeId) {
        range(at, "range active ", name, scope, scopeId);
        end(at);
    }

    @Override
    public void rangeEnd(EventContext at, String name, RangeScope scope, long scopeId, long swept, long reclaimed) {
        range(at, "range end ", name, scope, scopeId);
        if (swept >= 0) {
            line.append(" swept ")
                    .append(swept)
                    .append(" B, reclaimed ")
                    .append(reclaimed)
                    .append(" B");
        }
        end(at);
    }

    private void range(EventContext at, String what, String name, RangeScope scope, long scopeId) {
        begin(at, what).append(name);
        switch (scope) {
            case GLOBAL -> {}
            case GOROUTINE -> line.append(" of goroutine ").append(scopeId);
            case PROC -> line.append(" of proc ").append(scopeId);
        }
    }

    @Override
    public void metric(EventContext at, String name, long value) {
        begin(at, "metric ").append(name).append(' ').append(Long.toUnsignedString(value));
        end(at);
    }

    @Override
    public void label(EventContext at, long goroutine, int label) {
        begin(at, "label of goroutine ").append(goroutine);
        quote(label);
        end(at);
    }

    @Override
    public void stackSample(EventContext at) {
        begin(at, "CPU sample");
        end(at);
    }

    @Override
    public void taskBegin(EventContext at, long task, long parent, int type) {
        begin(at, "task begin ").append(Long.toUnsignedString(task));
        quote(type);
        if (parent != 0) {
            line.append(" in task ").append(Long.toUnsignedString(parent));
        }
        end(at);
    }

    @Override
    public void taskEnd(EventContext at, long task, long parent, int type) {
        begin(at, "task end ").append(Long.toUnsignedString(task));
        quote(type);
        end(at);
    }

    @Override
    public void regionBegin(EventContext at, long task, int type) {
        begin(at, "region begin of task ").append(Long.toUnsignedString(task));
        quote(type);
        end(at);
    }

    @Override
    public void regionEnd(EventContext at, long task, int type) {
        begin(at, "region end of task ").append(Long.toUnsignedString(task));
        quote(type);
        end(at);
    }

    @Override
    public void log(EventContext at, long task, int category, int message) {
        begin(at, "log of task ").append(Long.toUnsignedString(task));
        quote(category);
        quote(message);
        end(at);
    }

    @Override
    public void experimental(EventContext at, String experiment, String name, long[] args, int argCount) {
        begin(at, experiment).append(' ').append(name);
        for (int i = 0; i < argCount; i++) {
            line.append(' ').append(Long.toUnsignedString(args[i]));
        }
        end(at);
    }

    private StringBuilder begin(EventContext at, String what) {
        if (zeroNs == Long.MIN_VALUE) {
            zeroNs = at.timeNs();
        }
        line.setLength(0);
        line.append(at.timeNs() - zeroNs);
        id(" M", at.m());
        id(" P", at.p());
        id(" G", at.g());
        return line.append("  ").append(what);
    }

    private void id(String name, long id) {
        line.append(name);
        if (id == EventContext.NONE) {
            line.append('-');
        } else {
            line.append(Long.toUnsignedString(id));
        }
    }

    private void frame(String before, int stack) {
        if (tables != null && tables.frameCount(stack) > 0) {
            line.append(before).append(tables.function(stack, 0)).append(' ');
            line.append(tables.file(stack, 0)).append(':').append(tables.line(stack, 0));
        }
    }

    private void end(EventContext at) {
        frame(" by ", at.stack());
        out.println(line);
    }

    /** Strings come from the traced program: nothing of them may break the line. */
    private void quote(int id) {
        line.append(" \"");
        String text = tables.string(id);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else {
                line.append(Character.isISOControl(c) ? '\ufffd' : c);
            }
        }
        line.append('"');
    }
}
