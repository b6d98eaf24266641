package io.unpark.trace;

import io.unpark.trace.TraceEvent.Moment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Tells records to a visitor, so that both views can be compared: ids are given anew, in order of need. */
final class Retold implements GenerationTables, EventContext {
    private final EventVisitor visitor;
    private final List<byte[]> strings = new ArrayList<>(List.of(new byte[0]));
    private final List<List<StackFrame>> stacks = new ArrayList<>(List.of(List.of()));
    private ClockSnapshot clock;
    private Moment at;
    private int stack;

    Retold(EventVisitor visitor) {
        this.visitor = visitor;
        visitor.generationBegin(this);
    }

    void tell(TraceEvent event) {
        at = event.at();
        stack = id(at.stack());
        if (event instanceof TraceEvent.Sync e) {
            clock = e.clock().orElse(null);
            visitor.sync(this, e.n());
        } else if (event instanceof TraceEvent.GoroutineTransition e) {
            visitor.goroutine(this, e.goroutine(), e.from(), e.to(), id(e.reason()), id(e.stack()));
        } else if (event instanceof TraceEvent.ProcTransition e) {
            visitor.proc(this, e.proc(), e.from(), e.to());
        } else if (event instanceof TraceEvent.Metric e) {
            visitor.metric(this, e.name(), e.value());
        } else if (event instanceof TraceEvent.Label e) {
            visitor.label(this, e.goroutine(), id(e.label()));
        } else if (event instanceof TraceEvent.StackSample) {
            visitor.stackSample(this);
        } else if (event instanceof TraceEvent.Experimental e) {
            long[] args =
                    e.arguments().values().stream().mapToLong(Long::longValue).toArray();
            visitor.experimental(this, e.experiment(), e.name(), args, args.length);
        } else if (!tellRange(event)) {
            tellAnnotation(event);
        }
    }

    private boolean tellRange(TraceEvent event) {
        if (event instanceof TraceEvent.RangeBegin e) {
            visitor.rangeBegin(this, e.name(), e.scope(), e.scopeId());
        } else if (event instanceof TraceEvent.RangeActive e) {
            visitor.rangeActive(this, e.name(), e.scope(), e.scopeId());
        } else if (event instanceof TraceEvent.RangeEnd e) {
            visitor.rangeEnd(this, e.name(), e.scope(), e.scopeId(), e.bytesSwept(), e.bytesReclaimed());
        } else {
            return false;
        }
        return true;
    }

    private void tellAnnotation(TraceEvent event) {
        if (event instanceof TraceEvent.TaskBegin e) {
            visitor.taskBegin(this, e.task(), e.parent(), id(e.type()));
        } else if (event instanceof TraceEvent.TaskEnd e) {
            visitor.taskEnd(this, e.task(), e.parent(), id(e.type()));
        } else if (event instanceof TraceEvent.RegionBegin e) {
            visitor.regionBegin(this, e.task(), id(e.type()));
        } else if (event instanceof TraceEvent.RegionEnd e) {
            visitor.regionEnd(this, e.task(), id(e.type()));
        } else if (event instanceof TraceEvent.Log e) {
            byte[] message = new byte[e.bytes().remaining()];
            e.bytes().get(message);
            visitor.log(this, e.task(), id(e.category()), id(message));
        } else {
            throw new IllegalArgumentException("unknown: " + event);
        }
    }

    private int id(String text) {
        return id(text.getBytes(StandardCharsets.UTF_8));
    }

    private int id(byte[] bytes) {
        strings.add(bytes);
        return bytes.length == 0 ? 0 : strings.size() - 1;
    }

    private int id(List<StackFrame> frames) {
        stacks.add(frames);
        return frames.isEmpty() ? 0 : stacks.size() - 1;
    }

    @Override
    public long generation() {
        throw new UnsupportedOperationException("records do not tell");
    }

    @Override
    public int goMinor() {
        throw new UnsupportedOperationException("the header tells");
    }

    @Override
    public String string(int id) {
        return StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes(id))).toString();
    }

    @Override
    public byte[] bytes(int id) {
        return strings.get(id);
    }

    @Override
    public int frameCount(int ofStack) {
        return stacks.get(ofStack).size();
    }

    @Override
    public String function(int ofStack, int frame) {
        return stacks.get(ofStack).get(frame).function();
    }

    @Override
    public String file(int ofStack, int frame) {
        return stacks.get(ofStack).get(frame).file();
    }

    @Override
    public int line(int ofStack, int frame) {
        return stacks.get(ofStack).get(frame).line();
    }

    @Override
    public long pc(int ofStack, int frame) {
        return stacks.get(ofStack).get(frame).pc();
    }

    @Override
    public ClockSnapshot clock() {
        return clock;
    }

    @Override
    public long timeNs() {
        return at.timeNs();
    }

    @Override
    public long m() {
        return at.m();
    }

    @Override
    public long p() {
        return at.p();
    }

    @Override
    public long g() {
        return at.g();
    }

    @Override
    public int stack() {
        return stack;
    }
}
