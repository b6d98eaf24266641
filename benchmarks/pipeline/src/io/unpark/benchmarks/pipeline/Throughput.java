package io.unpark.benchmarks.pipeline;

import io.unpark.schemas.TopicAdmin;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * The whole pipeline through one stream thread against a copy of the same records, in turn, in one process on one broker. The
 * records lie there before anything is measured; a measurement begins when a side has its partitions, and ends when all
 * it has to write is committed.
 */
final class Throughput {
    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(30);
    private static final long ASK_EVERY_MS = 10;
    private static final long QUIET_NS = 500_000_000;
    private static final double MB = 1e6;

    private final BrokerProcess broker;
    private final int partitions;

    /** What one measurement gave: rate in bytes of trace a second. */
    private record Result(double bytesPerS, double threadBytesPerS) {}

    private Throughput(BrokerProcess broker, int partitions) {
        this.broker = broker;
        this.partitions = partitions;
    }

    /** Megabytes a round, rounds, partitions, recordings. The first round warms up and does not count. */
    public static void main(String[] args) throws Exception {
        double mb = Double.parseDouble(args[0]);
        int rounds = Integer.parseInt(args[1]);
        Load load = Load.read(Arrays.asList(args).subList(3, args.length));
        int copies = (int) Math.max(1, Math.round(mb * MB / load.bytes()));
        try (BrokerProcess broker = BrokerProcess.start()) {
            new Throughput(broker, Integer.parseInt(args[2])).run(load, copies, rounds);
        }
    }

    private void run(Load load, int copies, int rounds) throws Exception {
        List<Double> copied = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        List<Double> ratiosOfThreads = new ArrayList<>();
        System.out.println("round side MB seconds MB/s thread-CPU-s process-CPU-s broker-CPU-s");
        for (int round = 0; round <= rounds; round++) {
            TopicLayout layout =
                    TopicLayout.DEFAULT.withPrefix("r" + round + "-").withPartitions(partitions);
            createTopics(layout);
            long bytes = load.send(broker.clientConfig(), layout, broker.serdes(), copies);
            boolean pipelineFirst = round % 2 == 1;
            Result pipeline = pipelineFirst ? pipeline(round, layout, bytes) : null;
            Result copy = passThrough(round, layout, bytes, "none");
            pipeline = pipelineFirst ? pipeline : pipeline(round, layout, bytes);
            if (round > 0) {
                copied.add(copy.bytesPerS() / MB);
                ratios.add(pipeline.bytesPerS() / copy.bytesPerS());
                ratiosOfThreads.add(pipeline.threadBytesPerS() / copy.threadBytesPerS());
            }
        }
        System.out.printf(
                "ratio %.2f (by thread's processor time %.2f), the copy at %.0f MB/s: medians of %d%n",
                median(ratios), median(ratiosOfThreads), median(copied), ratios.size());
    }

    private static double median(List<Double> of) {
        List<Double> sorted = of.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private void createTopics(TopicLayout layout) throws Exception {
        try (Admin admin = Admin.create(broker.clientConfig())) {
            new TopicAdmin(admin, layout, ADMIN_TIMEOUT).create();
            admin.createTopics(List.of(new NewTopic(copyTopic(layout), partitions, (short) 1)
                            .configs(Map.of("max.message.bytes", Integer.toString(6 << 20)))))
                    .all()
                    .get();
        }
    }

    private static String copyTopic(TopicLayout layout) {
        return layout.prefix() + "copied";
    }

    private Result passThrough(int round, TopicLayout layout, long bytes, String compression) throws Exception {
        Path state = Files.createTempDirectory("unpark-benchmark-state");
        return measure(
                round,
                "copy",
                bytes,
                state,
                new PassThrough(broker, state, layout.name(Topics.TRACE_CHUNKS), copyTopic(layout), compression));
    }

    private Result pipeline(int round, TopicLayout layout, long bytes) throws Exception {
        Path state = Files.createTempDirectory("unpark-benchmark-state");
        return measure(round, "pipeline", bytes, state, new WholePipeline(broker, state, layout));
    }

    private Result measure(int round, String side, long bytes, Path state, Stage stage)
            throws InterruptedException, IOException {
        System.gc();
        try (stage) {
            stage.start();
            while (!stage.isRunning()) {
                Thread.sleep(1);
            }
            long beganNs = System.nanoTime();
            double thread = Cpu.ofThreads("StreamThread");
            double process = Cpu.ofThisProcess();
            Duration brokers = broker.cpu();
            double seconds = (awaitDone(stage) - beganNs) / 1e9;
            thread = Cpu.ofThreads("StreamThread") - thread;
            System.out.printf(
                    "%d %s %.1f %.2f %.1f %.2f %.2f %.2f (%s)%n",
                    round,
                    side,
                    bytes / MB,
                    seconds,
                    bytes / MB / seconds,
                    thread,
                    Cpu.ofThisProcess() - process,
                    broker.cpu().minus(brokers).toMillis() / 1e3,
                    stage.summary());
            return new Result(bytes / seconds, bytes / thread);
        } finally {
            BrokerProcess.delete(state);
        }
    }

    /**
     * Asking the cluster costs both sides processor time, so it is asked only when nothing was done for a while.
     *
     * @return when the last work was done and must have been committed
     */
    private static long awaitDone(Stage stage) throws InterruptedException {
        long changedNs = System.nanoTime();
        String before = "";
        while (true) {
            String now = stage.summary();
            if (!now.equals(before)) {
                before = now;
                changedNs = System.nanoTime();
            } else if (System.nanoTime() - changedNs > QUIET_NS && stage.isDone()) {
                return changedNs + stage.commitInterval().toNanos();
            }
            Thread.sleep(ASK_EVERY_MS);
        }
    }
}
