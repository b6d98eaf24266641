package io.unpark.analysis.fault;

/**
 * What a detector did wrong since the start of the process.
 *
 * @param detector its kind's name, or {@code request_joiner}
 * @param count exceptions it threw, from 1
 * @param skipped judgements that it was not asked for because it had failed before
 * @param first the first exception in a line: class, message, and the place in our code
 * @param last the latest one, the same way
 */
public record DetectorFault(String detector, long count, long skipped, String first, String last) {
    /** For people, in a line. */
    @Override
    public String toString() {
        String times = count == 1 ? "failed once" : "failed " + count + " times";
        String left = skipped == 0 ? "" : " and was left out " + skipped + " times after that";
        String latest = last.equals(first) ? "" : "; last: " + last;
        return detector + " " + times + left + ": " + first + latest;
    }
}
