package io.unpark.sink.consume;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What the consumer last did, for the status page, readiness and whoever waits. Safe for use by several threads. */
public final class ConsumerStatus {
    private static final int BAD_RECORDS_SHOWN = 50;

    private final RateMeter rates;
    private final Map<String, Long> read = new TreeMap<>();
    private final Map<String, Long> bad = new TreeMap<>();
    private final Deque<BadRecord> lastBad = new ArrayDeque<>();
    private List<PartitionStatus> partitions = List.of();
    private Optional<String> error = Optional.empty();
    private boolean assigned;

    ConsumerStatus(RateMeter rates) {
        this.rates = rates;
    }

    synchronized void committed(Map<String, Long> recordsByTopic, Collection<BadRecord> badRecords) {
        recordsByTopic.forEach((topic, count) -> {
            read.merge(topic, count, Long::sum);
            rates.add(topic, count);
        });
        for (BadRecord record : badRecords) {
            bad.merge(record.topic(), 1L, Long::sum);
            lastBad.addFirst(record);
            if (lastBad.size() > BAD_RECORDS_SHOWN) {
                lastBad.removeLast();
            }
        }
        notifyAll();
    }

    /** A round went well, and left the partitions so. */
    synchronized void observed(List<PartitionStatus> now) {
        error = Optional.empty();
        partitions = now.stream()
                .sorted(Comparator.comparing(PartitionStatus::topic).thenComparing(PartitionStatus::partition))
                .toList();
    }

    synchronized void assigned() {
        assigned = true;
    }

    synchronized void failed(String what) {
        error = Optional.of(what);
    }

    /** Waits until something is committed, or so long. */
    synchronized void awaitCommit(long timeoutMs) throws InterruptedException {
        TimeUnit.MILLISECONDS.timedWait(this, Math.max(1, timeoutMs));
    }

    /** The partitions owned, in order. */
    public synchronized List<PartitionStatus> partitions() {
        return partitions;
    }

    /** Records read since the start, by topic. */
    public synchronized Map<String, Long> read() {
        return new TreeMap<>(read);
    }

    /** Records skipped since the start, by topic. */
    public synchronized Map<String, Long> bad() {
        return new TreeMap<>(bad);
    }

    /** The last skipped ones, newest first; at most 50. */
    public synchronized List<BadRecord> lastBad() {
        return new ArrayList<>(lastBad);
    }

    /** Records a second over the last minute, by topic. */
    public Map<String, Double> rates() {
        return rates.perSecond();
    }

    /** What it is trying again just now; empty when all goes well. */
    public synchronized Optional<String> error() {
        return error;
    }

    /** Whether it joined its group and nothing fails. */
    public synchronized boolean ready() {
        return assigned && error.isEmpty();
    }
}
