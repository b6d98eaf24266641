package io.unpark.trace;

import io.unpark.trace.TraceEvent.Moment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** Makes a record of each event. Stacks that the trace tells once are one list, for as long as its generation lasts. */
final class EventRecorder implements EventVisitor {
    private final Queue<TraceEvent> told = new ArrayDeque<>();
    private final Map<Integer, List<StackFrame>> stacks = new HashMap<>();
    private GenerationTables tables;

    /** The next event that was told and not yet taken; null when there is none. */
    TraceEvent poll() {
        return told.poll();
    }

    @Override
    public void generationBegin(GenerationTables ofGeneration) {
        tables = ofGeneration;
    }

    @Override
    public void generationEnd(GenerationTables ofGeneration) {
        forgetGeneration();
    }

    /** Ids mean nothing any more. */
    private void forgetGeneration() {
        tables = null;
        stacks.clear();
    }

    @Override
    public void sync(EventContext at, int n) {
        ClockSnapshot clock = tables == null ? null : tables.clock();
        told.add(new TraceEvent.Sync(moment(at), n, Optional.ofNullable(clock)));
    }

    @Override
    public void goroutine(EventContext at, long goroutine, GoState from, GoState to, int reason, int stack) {
        told.add(new TraceEvent.GoroutineTransition(
                moment(at), goroutine, from, to, tables.string(reason), stack(stack)));
    }

    @Override
    public void proc(EventContext at, long proc, ProcState from, ProcState to) {
        told.add(new TraceEvent.ProcTransition(moment(at), proc, from, to));
    }

    @Override
    public void rangeBegin(EventContext at, String name, RangeScope scope, long scopeId) {
        told.add(new TraceEvent.RangeBegin(moment(at), name, scope, scopeId));
    }

    @Override
    public void rangeActive(EventContext at, String name, RangeScope scope, long scopeId) {
        told.add(new TraceEvent.RangeActive(moment(at), name, scope, scopeId));
    }

    @Override
    public void rangeEnd(
            EventContext at, String name, RangeScope scope, long scopeId, long bytesSwept, long bytesReclaimed) {
        told.add(new TraceEvent.RangeEnd(moment(at), name, scope, scopeId, bytesSwept, bytesReclaimed));
    }

    @Override
    public void metric(EventContext at, String name, long value) {
        told.add(new TraceEvent.Metric(moment(at), name, value));
    }

    @Override
    public void label(EventContext at, long goroutine, int label) {
        told.add(new TraceEvent.Label(moment(at), goroutine, tables.string(label)));
    }

    @Override
    public void stackSample(EventContext at) {
        told.add(new TraceEvent.StackSample(moment(at)));
    }

    @Override
    public void taskBegin(EventContext at, long task, long parent, int type) {
        told.add(new TraceEvent.TaskBegin(moment(at), task, parent, tables.string(type)));
    }

    @Override
    public void taskEnd(EventContext at, long task, long parent, int type) {
        told.add(new TraceEvent.TaskEnd(moment(at), task, parent, tables.string(type)));
    }

    @Override
    public void regionBegin(EventContext at, long task, int type) {
        told.add(new TraceEvent.RegionBegin(moment(at), task, tables.string(type)));
    }

    @Override
    public void regionEnd(EventContext at, long task, int type) {
        told.add(new TraceEvent.RegionEnd(moment(at), task, tables.string(type)));
    }

    @Override
    public void log(EventContext at, long task, int category, int message) {
        told.add(new TraceEvent.Log(
                moment(at),
                task,
                tables.string(category),
                tables.string(message),
                ByteBuffer.wrap(tables.bytes(message))));
    }

    @Override
    public void experimental(EventContext at, String experiment, String name, long[] args, int argCount) {
        String[] names = WireEvent.experimentalArgs(name, argCount);
        Map<String, Long> arguments = new LinkedHashMap<>();
        for (int i = 0; i < argCount; i++) {
            arguments.put(names[i], args[i]);
        }
        told.add(new TraceEvent.Experimental(moment(at), experiment, name, Collections.unmodifiableMap(arguments)));
    }

    private Moment moment(EventContext at) {
        return new Moment(at.timeNs(), at.m(), at.p(), at.g(), stack(at.stack()));
    }

    private List<StackFrame> stack(int id) {
        return id == 0 ? List.of() : stacks.computeIfAbsent(id, this::frames);
    }

    private List<StackFrame> frames(int stack) {
        List<StackFrame> frames = new ArrayList<>();
        for (int i = 0; i < tables.frameCount(stack); i++) {
            frames.add(new StackFrame(
                    tables.pc(stack, i), tables.function(stack, i), tables.file(stack, i), tables.line(stack, i)));
        }
        return List.copyOf(frames);
    }
}
