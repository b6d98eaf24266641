package io.unpark.benchmarks.pipeline;

import java.time.Duration;

/** Something that works a topic off. */
interface Stage extends AutoCloseable {
    void start();

    /** Whether it has its partitions and begins to work. */
    boolean isRunning();

    /** Whether everything is committed; asks the cluster. */
    boolean isDone();

    /** What it did, for the table; changes while it works. */
    String summary();

    /** What is done is committed this much later, at the latest. */
    Duration commitInterval();

    @Override
    void close();
}
