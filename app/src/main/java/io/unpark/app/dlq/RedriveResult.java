package io.unpark.app.dlq;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a redrive did, or would do. */
public final class RedriveResult {
    private static final int MAX_EXAMPLES = 10;

    private long letters;
    private long left;
    private final Map<String, Long> byTopic = new TreeMap<>();
    private final List<String> examples = new ArrayList<>();

    void sent(Redrive.Ready ready) {
        letters += ready.ranges().size();
        ready.records().forEach(record -> byTopic.merge(record.topic(), 1L, Long::sum));
    }

    void left(Letter letter, String why) {
        left++;
        if (examples.size() < MAX_EXAMPLES) {
            examples.add(letter.place() + " " + why);
        }
    }

    /** Letters that were sent back. */
    public long letters() {
        return letters;
    }

    /** Records that were sent, by topic: a kept trace is one for each generation. */
    public Map<String, Long> byTopic() {
        return byTopic;
    }

    /** Selected letters that stay. */
    public long left() {
        return left;
    }

    /** Where and why, of the first few of those. */
    public List<String> examples() {
        return examples;
    }
}
