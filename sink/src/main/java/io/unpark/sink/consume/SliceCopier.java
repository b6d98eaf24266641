package io.unpark.sink.consume;

import io.unpark.analysis.model.ChunkRef;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.sink.store.SliceJob;
import io.unpark.sink.store.SliceStore;
import io.unpark.sink.store.StoreException;
import io.unpark.sink.store.TraceSlice;
import io.unpark.trace.TraceHeader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies slices from Kafka into the store, on a thread of its own: rows never wait for them. The jobs are rows that came
 * with their anomalies, so none is forgotten in a crash; to do one twice changes nothing.
 */
final class SliceCopier implements AutoCloseable {
    /** Of one slice, header included. */
    static final int SLICE_BYTES_MAX = 8 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(SliceCopier.class);
    private static final int JOBS_AT_ONCE = 16;
    private static final long LOOK_EVERY_MS = 5_000;
    private static final long CLOSE_TIMEOUT_MS = 5_000;

    private final Map<String, Object> settings;
    private final Deserializer<TraceChunk> decoder;
    private final SliceStore store;
    private final SinkMetrics metrics;
    private final Semaphore wakeUps = new Semaphore(0);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "unpark-sink-slices");

    SliceCopier(Map<String, ?> connection, TopicSerdes serdes, SliceStore store, SinkMetrics metrics) {
        this.settings = ConsumerSettings.slices(connection);
        this.decoder = serdes.value(Topics.TRACE_CHUNKS).deserializer();
        this.store = store;
        this.metrics = metrics;
    }

    void start() {
        thread.start();
    }

    /** There may be jobs. */
    void wake() {
        wakeUps.release();
    }

    private boolean open() {
        return closed.getCount() > 0;
    }

    private void run() {
        Backoff backoff = new Backoff(closed);
        while (open()) {
            try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
                ChunkReader reader = new ChunkReader(consumer, decoder);
                while (open()) {
                    if (!doJobs(reader)) {
                        wakeUps.tryAcquire(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
                        wakeUps.drainPermits();
                    }
                    backoff.reset();
                }
            } catch (InterruptedException e) {
                closed.countDown();
            } catch (KafkaException | StoreException e) {
                LOG.warn("Slices wait: {}", e.toString());
                metrics.failed("slice");
                backoff.await();
            }
        }
    }

    /** Whether there were any. */
    private boolean doJobs(ChunkReader reader) {
        List<SliceJob> jobs = store.pending(JOBS_AT_ONCE);
        for (SliceJob job : jobs) {
            if (open()) {
                doJob(reader, job);
            }
        }
        return !jobs.isEmpty();
    }

    private void doJob(ChunkReader reader, SliceJob job) {
        try {
            store.ready(job, copy(reader, job.refs()));
            metrics.slice("ready");
        } catch (SliceGoneException e) {
            gone(job, e.getMessage());
        } catch (KafkaException | StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            // A job that can never be done must not be in the way of the others.
            LOG.error("Slice of anomaly {} failed", job.anomalyId(), e);
            gone(job, "the copy failed: " + e);
        }
    }

    private void gone(SliceJob job, String why) {
        store.gone(job, why);
        metrics.slice("gone");
    }

    /** The newest generations that fit, as a file. */
    private static TraceSlice copy(ChunkReader reader, List<ChunkRef> refs) throws SliceGoneException {
        List<ChunkRef> run = SlicePlan.newestFirst(refs);
        Deque<Generation> generations = new ArrayDeque<>();
        int sizeBytes = TraceHeader.LENGTH;
        for (ChunkRef ref : run) {
            try {
                Generation generation = reader.read(ref, SLICE_BYTES_MAX - TraceHeader.LENGTH);
                if (sizeBytes + generation.sizeBytes() > SLICE_BYTES_MAX) {
                    break;
                }
                generations.addFirst(generation);
                sizeBytes += (int) generation.sizeBytes();
            } catch (SliceGoneException e) {
                if (generations.isEmpty()) {
                    throw e;
                }
                break;
            }
        }
        ByteBuffer file = ByteBuffer.allocate(sizeBytes);
        file.put(new TraceHeader(generations.getFirst().goMinor()).bytes());
        generations.forEach(generation -> generation.writeTo(file));
        long newest = run.get(0).generation();
        return new TraceSlice(run.get(0).capture(), newest - generations.size() + 1, newest, file.array());
    }

    @Override
    public void close() {
        closed.countDown();
        wake();
        try {
            thread.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
