package io.unpark.benchmarks.pipeline;

import io.unpark.ingest.ChunkProducer;
import io.unpark.schemas.TopicAdmin;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.streams.StreamsApp;
import io.unpark.streams.StreamsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * What an instance costs, from few to many: the same number of generations from 10, 100 and 1,000 instances, one after the other;
 * their state on disk; and the time until it is restored from the cluster after the folder was lost. Then many instances at a
 * growing rate, until the lag grows.
 */
final class Fleet {
    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(30);
    private static final int PARTITIONS = 6;
    private static final int WARM_UP_INSTANCES = 10;
    private static final int WARM_UP_GENERATIONS = 500;
    private static final int RATE_WARM_UP_GENERATIONS = 1_200;
    private static final long STEP_NS = 10_000_000_000L;
    private static final double GROWTH = 1.5;
    private static final double KB = 1e3;

    private final BrokerProcess broker;
    private final Recording recording;

    private Fleet(BrokerProcess broker, Recording recording) {
        this.broker = broker;
        this.recording = recording;
    }

    /** {@code cost} or {@code rate}; generations in all or first rate a second; numbers of instances, comma-separated; the recording. */
    public static void main(String[] args) throws Exception {
        Recording recording = Recording.read(Path.of(args[3]), "fleet");
        int[] instances = Arrays.stream(args[2].split(",")).mapToInt(Integer::parseInt).toArray();
        try (BrokerProcess broker = BrokerProcess.start()) {
            Fleet fleet = new Fleet(broker, recording);
            if (args[0].equals("cost")) {
                System.out.println("instances generations seconds thread-CPU-ms/generation process-CPU-ms/generation"
                        + " broker-CPU-ms/generation state-kB/instance restore-s; kB/generation: trace chunks outputs changelogs");
                int generations = Integer.parseInt(args[1]);
                fleet.cost("warm-up", WARM_UP_INSTANCES, Math.min(generations, WARM_UP_GENERATIONS));
                for (int count : instances) {
                    fleet.cost(Integer.toString(count), count, generations);
                }
            } else {
                fleet.rates(instances[0], Double.parseDouble(args[1]));
            }
        }
    }

    private TopicLayout layout(String name) {
        TopicLayout layout = TopicLayout.DEFAULT.withPrefix(name + "-").withPartitions(PARTITIONS);
        try (Admin admin = Admin.create(broker.clientConfig())) {
            new TopicAdmin(admin, layout, ADMIN_TIMEOUT).create();
        }
        return layout;
    }

    private StreamsApp app(TopicLayout layout, Path state) {
        StreamsOptions options = StreamsOptions.of(broker.clientConfig(), state).withLayout(layout).withThreads(1);
        return new StreamsApp(options, broker.serdes());
    }

    /** An instance's generations follow each other; its recording begins anew as another capture when it is over. */
    private void send(ChunkProducer producer, int number, int instances) throws IOException {
        int turn = number / instances;
        int round = turn / recording.generations();
        long shiftSeconds = (long) round * recording.generations();
        producer.accept(recording.copy(turn % recording.generations(), number % instances, round, shiftSeconds));
    }

    private void cost(String name, int instances, int generations) throws Exception {
        TopicLayout layout = layout(name);
        try (ChunkProducer producer = new ChunkProducer(broker.clientConfig(), layout, broker.serdes())) {
            for (int i = 0; i < generations; i++) {
                send(producer, i, instances);
            }
        }
        Path state = Files.createTempDirectory("unpark-benchmark-state");
        double seconds;
        double thread;
        double process;
        double brokers;
        long stateBytes;
        try (StreamsApp app = app(layout, state)) {
            app.start();
            awaitRunning(app);
            long beganNs = System.nanoTime();
            process = Cpu.ofThisProcess();
            brokers = broker.cpu().toMillis();
            thread = Cpu.ofThreads("StreamThread");
            awaitGenerations(app, generations);
            app.awaitProcessed(app.inputEnds(), Duration.ofMinutes(5));
            seconds = (System.nanoTime() - beganNs) / 1e9;
            thread = Cpu.ofThreads("StreamThread") - thread;
            process = Cpu.ofThisProcess() - process;
            brokers = broker.cpu().toMillis() - brokers;
        }
        stateBytes = size(state);
        LogSizes sizes = LogSizes.of(broker, layout);
        BrokerProcess.delete(state);
        double restoreSeconds = restore(layout, state);
        System.out.printf(
                "%s %d %.1f %.1f %.1f %.1f %.0f %.1f; %.0f %.0f %.0f %.0f%n",
                name,
                generations,
                seconds,
                thread * 1e3 / generations,
                process * 1e3 / generations,
                brokers / generations,
                stateBytes / KB / instances,
                restoreSeconds,
                recording.bytes() / KB / recording.generations(),
                sizes.chunks() / KB / generations,
                sizes.outputs() / KB / generations,
                sizes.changelogs() / KB / generations);
    }

    private double restore(TopicLayout layout, Path state) throws Exception {
        long beganNs = System.nanoTime();
        try (StreamsApp app = app(layout, state)) {
            app.start();
            awaitRunning(app);
            return (System.nanoTime() - beganNs) / 1e9;
        } finally {
            BrokerProcess.delete(state);
        }
    }

    private static void awaitRunning(StreamsApp app) throws InterruptedException {
        while (!app.isRunning()) {
            Thread.sleep(5);
        }
    }

    private static void awaitGenerations(StreamsApp app, int generations) throws InterruptedException {
        while (app.status().generations() < generations) {
            if (app.hasFailed()) {
                throw new IllegalStateException(app.status().failure().toString());
            }
            Thread.sleep(20);
        }
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(it -> it.toFile().length()).sum();
        }
    }

    /** What is sent at once to begin with warms up. Then steps of ten seconds; ends after two in which more waited at the end than was sent in a second. */
    private void rates(int instances, double first) throws Exception {
        TopicLayout layout = layout("rates");
        Path state = Files.createTempDirectory("unpark-benchmark-state");
        System.out.println("generations/s MB/s lag-of-chunks thread-CPU-share process-CPU broker-CPU");
        try (StreamsApp app = app(layout, state);
                ChunkProducer producer = new ChunkProducer(broker.clientConfig(), layout, broker.serdes())) {
            app.start();
            awaitRunning(app);
            int number = 0;
            int behind = 0;
            for (; number < RATE_WARM_UP_GENERATIONS; number++) {
                send(producer, number, instances);
            }
            app.awaitProcessed(app.inputEnds(), Duration.ofMinutes(5));
            for (double rate = first; behind < 2; rate *= GROWTH) {
                long beganNs = System.nanoTime();
                double thread = Cpu.ofThreads("StreamThread");
                double process = Cpu.ofThisProcess();
                double brokers = broker.cpu().toMillis() / 1e3;
                long bytes = 0;
                int sent = 0;
                for (; System.nanoTime() - beganNs < STEP_NS; sent++, number++) {
                    long dueNs = beganNs + (long) (sent * 1e9 / rate);
                    while (System.nanoTime() < dueNs) {
                        Thread.sleep(1);
                    }
                    send(producer, number, instances);
                    bytes += recording.bytes(number / instances % recording.generations());
                }
                double seconds = (System.nanoTime() - beganNs) / 1e9;
                long lag = app.lags().get(layout.name(Topics.TRACE_CHUNKS));
                behind = lag > rate ? behind + 1 : 0;
                System.out.printf(
                        "%.1f %.2f %d %.2f %.2f %.2f%n",
                        sent / seconds,
                        bytes / seconds / 1e6,
                        lag,
                        (Cpu.ofThreads("StreamThread") - thread) / seconds,
                        (Cpu.ofThisProcess() - process) / seconds,
                        (broker.cpu().toMillis() / 1e3 - brokers) / seconds);
            }
        } finally {
            BrokerProcess.delete(state);
        }
    }
}
