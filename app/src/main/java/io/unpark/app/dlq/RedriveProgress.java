package io.unpark.app.dlq;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which letters of one partition were redriven: all below an offset, and ranges beyond, since somebody may redrive those of one
 * reason first. It is what a consumer group commits: the offset, and the ranges as the commit's metadata. So progress and what was
 * sent are one transaction.
 */
final class RedriveProgress {
    /** Kafka's default limit of a commit's metadata is 4,096 bytes. */
    static final int MAX_TEXT = 4_000;

    private static final String PREFIX = "unpark1:";

    private long next;
    /** Last offset by first offset; apart from each other and from {@code next}. */
    private final NavigableMap<Long, Long> done = new TreeMap<>();

    /** Nothing below {@code next} is left. */
    RedriveProgress(long next) {
        this.next = next;
    }

    /** As committed; metadata that is not ours tells of no ranges. */
    static RedriveProgress of(long next, String metadata) {
        RedriveProgress progress = new RedriveProgress(next);
        if (metadata != null && metadata.startsWith(PREFIX)) {
            for (String range : metadata.substring(PREFIX.length()).split(",")) {
                progress.read(range);
            }
        }
        return progress;
    }

    private void read(String range) {
        int dash = range.indexOf('-');
        try {
            long from = Long.parseLong(dash < 0 ? range : range.substring(0, dash));
            long to = dash < 0 ? from : Long.parseLong(range.substring(dash + 1));
            if (from <= to) {
                mark(from, to);
            }
        } catch (NumberFormatException e) {
            // Somebody else's commit: what it says is not known to be redriven.
        }
    }

    /** These need not be looked at again. */
    void mark(long from, long to) {
        long first = from;
        long last = to;
        Map.Entry<Long, Long> left = done.floorEntry(from);
        if (left != null && left.getValue() >= from - 1) {
            first = left.getKey();
            last = Math.max(last, left.getValue());
        }
        for (Map.Entry<Long, Long> right = done.ceilingEntry(first);
                right != null && right.getKey() <= last + 1;
                right = done.ceilingEntry(first)) {
            last = Math.max(last, right.getValue());
            done.remove(right.getKey());
        }
        if (first <= next) {
            next = Math.max(next, last + 1);
        } else {
            done.put(first, last);
        }
        for (Map.Entry<Long, Long> head = done.firstEntry();
                head != null && head.getKey() <= next;
                head = done.firstEntry()) {
            next = Math.max(next, head.getValue() + 1);
            done.remove(head.getKey());
        }
    }

    boolean isDone(long offset) {
        Map.Entry<Long, Long> range = done.floorEntry(offset);
        return offset < next || range != null && range.getValue() >= offset;
    }

    /** The first offset that may hold a letter that was not redriven. */
    long next() {
        return next;
    }

    /** The commit's metadata. */
    String metadata() {
        if (done.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(PREFIX);
        done.forEach((from, to) -> {
            text.append(text.length() == PREFIX.length() ? "" : ",").append(from);
            if (!from.equals(to)) {
                text.append('-').append(to);
            }
        });
        return text.toString();
    }

    boolean fits() {
        return metadata().length() <= MAX_TEXT;
    }
}
