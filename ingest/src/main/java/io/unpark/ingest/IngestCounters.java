package io.unpark.ingest;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is taken in and refused. Thread-safe. */
final class IngestCounters {
    private final LongAdder generations = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder reports = new LongAdder();
    private final LongAdder profiles = new LongAdder();
    private final LongAdder deadLetters = new LongAdder();
    private final AtomicLong deadLetterBytes = new AtomicLong();
    private final Map<Refusal, LongAdder> refused = new EnumMap<>(Refusal.class);

    IngestCounters() {
        for (Refusal refusal : Refusal.values()) {
            refused.put(refusal, new LongAdder());
        }
    }

    void accepted(IntakeProgress progress) {
        generations.add(progress.generations());
        bytes.add(progress.bytes());
    }

    void acceptedReports(long count) {
        reports.add(count);
    }

    void acceptedProfiles(long count) {
        profiles.add(count);
    }

    /** Profiles acknowledged by the broker. */
    long profiles() {
        return profiles.sum();
    }

    void refused(Refusal refusal) {
        refused.get(refusal).increment();
    }

    /** Takes so much of the quota of dead letters, unless too little is left. */
    boolean takeDeadLetterBytes(long count, long quota) {
        long before = deadLetterBytes.getAndUpdate(now -> now + count <= quota ? now + count : now);
        return before + count <= quota;
    }

    void deadLetterKept() {
        deadLetters.increment();
    }

    void deadLetterNotKept(long count) {
        deadLetterBytes.addAndGet(-count);
    }

    IngestStatus snapshot(PushLine line) {
        Map<String, Long> byReason = new TreeMap<>();
        refused.forEach((refusal, count) -> byReason.put(refusal.key(), count.sum()));
        return new IngestStatus(
                line.running(),
                line.waiting(),
                generations.sum(),
                bytes.sum(),
                reports.sum(),
                byReason,
                deadLetters.sum(),
                deadLetterBytes.get());
    }
}
