package io.unpark.app.dlq;

import io.unpark.app.console.UserError;
import java.util.OptionalInt;

/**
 * Which letters are meant.
 *
 * @param reason in any case; "" for all
 * @param partition of the dead-letter topic; empty for all
 * @param from first offset
 * @param to last offset
 */
public record Selection(String reason, OptionalInt partition, long from, long to) {
    public static final Selection ALL = new Selection("", OptionalInt.empty(), 0, Long.MAX_VALUE);

    /** @param offsets {@code N} or {@code N-M}; "" for all */
    public static Selection of(String reason, Integer partition, String offsets) {
        OptionalInt only = partition == null ? OptionalInt.empty() : OptionalInt.of(partition);
        if (offsets.isEmpty()) {
            return new Selection(reason, only, 0, Long.MAX_VALUE);
        }
        int dash = offsets.indexOf('-');
        try {
            long from = Long.parseLong(dash < 0 ? offsets : offsets.substring(0, dash));
            long to = dash < 0 ? from : Long.parseLong(offsets.substring(dash + 1));
            if (from < 0 || to < from) {
                throw new NumberFormatException();
            }
            return new Selection(reason, only, from, to);
        } catch (NumberFormatException e) {
            throw UserError.usage("--offset takes N or N-M, not " + offsets);
        }
    }

    boolean hasPartition(int number) {
        return partition.isEmpty() || partition.getAsInt() == number;
    }

    boolean has(Letter letter) {
        return hasPartition(letter.record().partition())
                && letter.offset() >= from
                && letter.offset() <= to
                && (reason.isEmpty() || reason.equalsIgnoreCase(letter.reason()));
    }
}
