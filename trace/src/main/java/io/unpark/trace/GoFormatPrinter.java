package io.unpark.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * Prints events as {@code go tool trace -d=parsed FILE} does (Go 1.26), each in one call of {@link Appendable#append}. The
 * format is {@code Event.String} in {@code src/internal/trace/event.go}.
 */
public final class GoFormatPrinter implements EventVisitor {
    private static final String NO_TASK = Long.toUnsignedString(-1);
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss");

    private final Appendable out;
    private final ZoneId zone;
    private final StringBuilder line = new StringBuilder(512);
    private GenerationTables tables;

    /** The wall clock is printed in this machine's time zone, as Go does. */
    public GoFormatPrinter(Appendable out) {
        this(out, ZoneId.systemDefault());
    }

    public GoFormatPrinter(Appendable out, ZoneId zone) {
        this.out = out;
        this.zone = zone;
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
        begin(at, "Sync").append(" N=").append(n + 1);
        ClockSnapshot clock = tables == null ? null : tables.clock();
        if (clock != null) {
            line.append(" Trace=").append(clock.traceNs());
            line.append(" Mono=").append(Long.toUnsignedString(clock.monotonicNs()));
            line.append(" Wall=");
            appendWall(clock.wallUnixNs());
        }
        end(at);
    }

    @Override
    public void goroutine(EventContext at, long goroutine, GoState from, GoState to, int reason, int stack) {
        begin(at, "StateTransition").append(" GoID=").append(goroutine);
        appendChange(from.goName(), to.goName());
        line.append(" Reason=");
        quote(reason);
        // A creation always has a stack of its own in Go's model, even one without frames.
        boolean created = from == GoState.NOT_EXIST && to != GoState.SYSCALL;
        if (stack != 0 || created) {
            line.append('\n').append("TransitionStack=\n");
            appendStack(stack);
        }
        end(at);
    }

    @Override
    public void proc(EventContext at, long proc, ProcState from, ProcState to) {
        begin(at, "StateTransition").append(" ProcID=").append(proc);
        appendChange(from.goName(), to.goName());
        line.append(" Reason=\"\"");
        end(at);
    }

    @Override
    public void rangeBegin(EventContext at, String name, RangeScope scope, long scopeId) {
        begin(at, "RangeBegin");
        appendRange(name, scope, scopeId);
        end(at);
    }

    @Override
    public void rangeActive(EventContext at, String name, RangeScope scope, long scopeId) {
        begin(at, "RangeActive");
        appendRange(name, scope, scopeId);
        end(at);
    }

    @Override
    public void rangeEnd(
            EventContext at, String name, RangeScope scope, long scopeId, long bytesSwept, long bytesReclaimed) {
        begin(at, "RangeEnd");
        appendRange(name, scope, scopeId);
        line.append(" Attributes=[");
        if (name.equals(RangeEvents.SWEEP)) {
            line.append("\"bytes swept\"=");
            appendValue(bytesSwept);
            line.append(" \"bytes reclaimed\"=");
            appendValue(bytesReclaimed);
        }
        line.append(']');
        end(at);
    }

    @Override
    public void metric(EventContext at, String name, long value) {
        begin(at, "Metric").append(" Name=\"").append(name).append("\" Value=");
        appendValue(value);
        end(at);
    }

    @Override
    public void label(EventContext at, long goroutine, int label) {
        begin(at, "Label").append(" Label=");
        quote(label);
        line.append(" Resource=Goroutine(").append(goroutine).append(')');
        end(at);
    }

    @Override
    public void stackSample(EventContext at) {
        begin(at, "StackSample").append('\n').append("Stack=\n");
        appendStack(at.stack());
        flush();
    }

    @Override
    public void taskBegin(EventContext at, long task, long parent, int type) {
        begin(at, "TaskBegin");
        appendTask(task, parent, type);
        end(at);
    }

    @Override
    public void taskEnd(EventContext at, long task, long parent, int type) {
        begin(at, "TaskEnd");
        appendTask(task, parent, type);
        end(at);
    }

    @Override
    public void regionBegin(EventContext at, long task, int type) {
        begin(at, "RegionBegin")
                .append(" Task=")
                .append(Long.toUnsignedString(task))
                .append(" Type=");
        quote(type);
        end(at);
    }

    @Override
    public void regionEnd(EventContext at, long task, int type) {
        begin(at, "RegionEnd")
                .append(" Task=")
                .append(Long.toUnsignedString(task))
                .append(" Type=");
        quote(type);
        end(at);
    }

    @Override
    public void log(EventContext at, long task, int category, int message) {
        begin(at, "Log").append(" Task=").append(Long.toUnsignedString(task)).append(" Category=");
        quote(category);
        line.append(" Message=");
        quote(message);
        end(at);
    }

    @Override
    public void experimental(EventContext at, String experiment, String name, long[] args, int argCount) {
        begin(at, "Experimental").append(" Name=").append(name).append(" Args=[");
        String[] names = WireEvent.experimentalArgs(name, argCount);
        for (int i = 0; i < argCount; i++) {
            line.append(i == 0 ? "" : ", ").append(names[i]).append('=');
            appendValue(args[i]);
        }
        line.append(']');
        end(at);
    }

    private StringBuilder begin(EventContext at, String kind) {
        line.setLength(0);
        line.append("M=")
                .append(at.m())
                .append(" P=")
                .append(at.p())
                .append(" G=")
                .append(at.g());
        return line.append(' ').append(kind).append(" Time=").append(at.timeNs());
    }

    private void end(EventContext at) {
        if (at.stack() != 0) {
            line.append('\n').append("Stack=\n");
            appendStack(at.stack());
        }
        flush();
    }

    private void flush() {
        line.append('\n');
        try {
            out.append(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void appendChange(String from, String to) {
        line.append(' ').append(from).append("->").append(to);
    }

    private void appendRange(String name, RangeScope scope, long scopeId) {
        line.append(" Name=");
        GoQuote.append(line, name);
        line.append(" Scope=");
        switch (scope) {
            case GLOBAL -> line.append("None");
            case GOROUTINE -> line.append("Goroutine(").append(scopeId).append(')');
            case PROC -> line.append("Proc(").append(scopeId).append(')');
        }
    }

    private void appendTask(long task, long parent, int type) {
        line.append(" ID=").append(Long.toUnsignedString(task)).append(" Parent=");
        line.append(parent == 0 ? NO_TASK : Long.toUnsignedString(parent)).append(" Type=");
        quote(type);
    }

    private void appendValue(long value) {
        line.append("Value{Uint64(").append(Long.toUnsignedString(value)).append(")}");
    }

    private void appendStack(int stack) {
        int frames = tables.frameCount(stack);
        for (int i = 0; i < frames; i++) {
            line.append('\t').append(tables.function(stack, i)).append(" @ 0x");
            line.append(Long.toHexString(tables.pc(stack, i))).append("\n\t\t");
            line.append(tables.file(stack, i))
                    .append(':')
                    .append(tables.line(stack, i))
                    .append('\n');
        }
    }

    private void quote(int id) {
        GoQuote.append(line, tables.bytes(id));
    }

    /** RFC 3339 with as many digits of the second as needed. */
    private void appendWall(long unixNs) {
        Instant instant =
                Instant.ofEpochSecond(Math.floorDiv(unixNs, 1_000_000_000L), Math.floorMod(unixNs, 1_000_000_000L));
        ZonedDateTime wall = instant.atZone(zone);
        line.append(SECONDS.format(wall));
        if (wall.getNano() != 0) {
            line.append('.').append(String.format("%09d", wall.getNano()).replaceAll("0+$", ""));
        }
        ZoneOffset offset = wall.getOffset();
        line.append(offset.getTotalSeconds() == 0 ? "Z" : offset.getId().substring(0, 6));
    }
}
