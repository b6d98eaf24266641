package io.unpark.benchmarks.decoder;

import io.unpark.trace.EventContext;
import io.unpark.trace.EventVisitor;
import io.unpark.trace.GoState;
import io.unpark.trace.ProcState;
import io.unpark.trace.TraceReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The decoder without a JVM's start, by what the recorded process did. Traces: {@code ../traces/MIX.trace}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgs = {"-Xmx1g", "-XX:+UseSerialGC"})
public class DecodeBenchmark {
    /** Kinds of work as the generator names them; "all" is everything at once. */
    @Param({"all", "pipeline", "fanout", "mutex", "syscalls", "network", "tasks", "switches"})
    public String mix;

    private ByteBuffer trace;

    @Setup
    public void load() throws IOException {
        String folder = System.getProperty("traces", "../traces");
        trace = ByteBuffer.wrap(Files.readAllBytes(Path.of(folder, mix + ".trace")));
    }

    /** Decoded events: the report shows their rate beside that of whole traces. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Events {
        public long events;
    }

    @Benchmark
    public long decode(Events counter) throws IOException {
        Transitions counted = new Transitions();
        try (TraceReader reader = TraceReader.open(trace)) {
            while (reader.readGeneration(counted)) {
                continue;
            }
        }
        counter.events += counted.count;
        return counted.lastNs;
    }

    private static final class Transitions implements EventVisitor {
        private long count;
        private long lastNs;

        @Override
        public void goroutine(EventContext at, long goroutine, GoState from, GoState to, int reason, int stack) {
            count++;
            lastNs = at.timeNs();
        }

        @Override
        public void proc(EventContext at, long proc, ProcState from, ProcState to) {
            count++;
            lastNs = at.timeNs();
        }
    }
}
