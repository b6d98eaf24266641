package io.unpark.trace.fuzz;

import io.unpark.trace.EventContext;
import io.unpark.trace.EventVisitor;
import io.unpark.trace.GenerationTables;
import io.unpark.trace.GoState;
import io.unpark.trace.ProcState;
import io.unpark.trace.RangeScope;
import java.util.BitSet;

/** Looks at all that events give and name: each string and each stack once a generation. */
final class Touch implements EventVisitor {
    private final BitSet strings = new BitSet();
    private final BitSet stacks = new BitSet();
    private GenerationTables tables;
    private long events;
    private long sum;

    long events() {
        return events;
    }

    /** Depends on everything seen. */
    long sum() {
        return sum;
    }

    @Override
    public void generationBegin(GenerationTables of) {
        tables = of;
        strings.clear();
        stacks.clear();
        sum += of.generation() + of.goMinor();
        if (of.clock() != null) {
            sum += of.clock().wallUnixNs()
                    + of.clock().monotonicNs()
                    + of.clock().traceNs();
        }
    }

    @Override
    public void generationEnd(GenerationTables of) {
        tables = null;
    }

    @Override
    public void sync(EventContext at, int n) {
        event(at);
        sum += n;
    }

    @Override
    public void goroutine(EventContext at, long goroutine, GoState from, GoState to, int reason, int stack) {
        event(at);
        string(reason);
        stack(stack);
        sum += goroutine + from.ordinal() + to.goName().length();
    }

    @Override
    public void proc(EventContext at, long proc, ProcState from, ProcState to) {
        event(at);
        sum += proc + from.ordinal() + to.goName().length();
    }

    @Override
    public void rangeBegin(EventContext at, String name, RangeScope scope, long scopeId) {
        range(at, name, scope, scopeId);
    }

    @Override
    public void rangeActive(EventContext at, String name, RangeScope scope, long scopeId) {
        range(at, name, scope, scopeId);
    }

    @Override
    public void rangeEnd(
            EventContext at, String name, RangeScope scope, long scopeId, long bytesSwept, long bytesReclaimed) {
        range(at, name, scope, scopeId);
        sum += bytesSwept + bytesReclaimed;
    }

    @Override
    public void metric(EventContext at, String name, long value) {
        event(at);
        sum += name.length() + value;
    }

    @Override
    public void label(EventContext at, long goroutine, int label) {
        event(at);
        string(label);
    }

    @Override
    public void stackSample(EventContext at) {
        event(at);
    }

    @Override
    public void taskBegin(EventContext at, long task, long parent, int type) {
        event(at);
        string(type);
    }

    @Override
    public void taskEnd(EventContext at, long task, long parent, int type) {
        event(at);
        string(type);
    }

    @Override
    public void regionBegin(EventContext at, long task, int type) {
        event(at);
        string(type);
    }

    @Override
    public void regionEnd(EventContext at, long task, int type) {
        event(at);
        string(type);
    }

    @Override
    public void log(EventContext at, long task, int category, int message) {
        event(at);
        string(category);
        string(message);
    }

    @Override
    public void experimental(EventContext at, String experiment, String name, long[] args, int argCount) {
        event(at);
        for (int i = 0; i < argCount; i++) {
            sum += args[i];
        }
    }

    private void range(EventContext at, String name, RangeScope scope, long scopeId) {
        event(at);
        sum += name.length() + scope.ordinal() + scopeId;
    }

    private void event(EventContext at) {
        events++;
        sum = 31 * sum + at.m() + at.p() + at.g();
        sum += at.timeNs();
        if (at.stack() != 0) {
            stack(at.stack());
        }
    }

    private void string(int id) {
        if (!strings.get(id)) {
            strings.set(id);
            sum += tables.string(id).hashCode() + tables.bytes(id).length;
        }
    }

    private void stack(int id) {
        if (stacks.get(id)) {
            return;
        }
        stacks.set(id);
        for (int i = 0; i < tables.frameCount(id); i++) {
            sum += tables.function(id, i).length() + tables.file(id, i).length();
            sum += tables.line(id, i) + tables.pc(id, i);
        }
    }
}
