package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.model.Histogram;
import io.unpark.analysis.model.Stack;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The history of goroutines' kinds and of places, in a fixed number of pages by content. */
final class CohortCodec {
    private static final String COHORT = "cohort";
    private static final String WAIT = "wait";

    private final Cohorts cohorts;
    private final StackTable table;
    private final StackRefs stacks;

    CohortCodec(Cohorts cohorts, StackTable table, StackRefs stacks) {
        this.cohorts = cohorts;
        this.table = table;
        this.stacks = stacks;
    }

    void write(PageBook pages) {
        for (Map.Entry<Cohorts.Key, Cohort> e : sorted(cohorts.cohorts)) {
            long page = StateCodec.bucket(e.getValue().hash(e.getKey()));
            writeCohort(pages.page(COHORT, page), e.getKey(), e.getValue());
        }
        for (Map.Entry<Stack, WaitHistory> e : sorted(cohorts.waits)) {
            long page = StateCodec.bucket(e.getValue().hash(e.getKey()));
            writeWaits(pages.page(WAIT, page), e.getKey(), e.getValue());
        }
    }

    void read(StateCodec.Pages pages) {
        pages.each(COHORT, this::readCohort);
        pages.each(WAIT, this::readWaits);
    }

    /** A hash map's order is nothing to write by: equal histories shall be equal bytes. */
    private static <K, V extends KeptByContent> List<Map.Entry<K, V>> sorted(Map<K, V> map) {
        return map.entrySet().stream()
                .sorted(Comparator.<Map.Entry<K, V>>comparingInt(
                                e -> e.getValue().hash(e.getKey()))
                        .thenComparing(e -> e.getKey().toString()))
                .toList();
    }

    private void writeCohort(BinaryWriter out, Cohorts.Key key, Cohort c) {
        out.writeText(key.start());
        stacks.write(out, table.intern(key.creation()));
        out.writeUnsigned(c.created);
        out.writeUnsigned(c.ended);
        out.writeSigned(c.lastCreatedNs);
        out.writeUnsigned(c.longestLifeNs);
        out.writeUnsigned(c.outlivedRequest);
        out.writeUnsigned(c.usual.alive);
        out.writeUnsigned(c.usual.lifeNs);
        out.writeUnsigned(c.usual.seen);
        out.writeBoolean(c.usual.surging);
        out.writeUnsigned(c.withinRequest);
        out.writeUnsigned(c.handedOver);
    }

    private void readCohort(BinaryReader in) {
        Cohort c = new Cohort();
        cohorts.cohorts.put(new Cohorts.Key(in.readText(), stacks.read(in)), c);
        c.created = in.readUnsigned();
        c.ended = in.readUnsigned();
        c.lastCreatedNs = in.readSigned();
        c.longestLifeNs = in.readUnsigned();
        c.outlivedRequest = in.readUnsigned();
        c.usual.alive = in.readUnsigned();
        c.usual.lifeNs = in.readUnsigned();
        c.usual.seen = (int) in.readUnsigned();
        c.usual.surging = in.readBoolean();
        c.withinRequest = in.readUnsigned();
        c.handedOver = in.readUnsigned();
    }

    private void writeWaits(BinaryWriter out, Stack place, WaitHistory history) {
        stacks.write(out, table.intern(place));
        for (int i = 0; i < Histogram.BUCKETS; i++) {
            out.writeUnsigned(history.counts[i]);
            if (history.counts[i] != 0) {
                out.writeSigned(history.lastEndNs[i]);
            }
        }
    }

    private void readWaits(BinaryReader in) {
        WaitHistory history = new WaitHistory();
        cohorts.waits.put(stacks.read(in), history);
        for (int i = 0; i < Histogram.BUCKETS; i++) {
            history.counts[i] = (int) in.readUnsigned();
            if (history.counts[i] != 0) {
                history.lastEndNs[i] = in.readSigned();
            }
        }
    }
}
