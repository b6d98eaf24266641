package io.unpark.app.process;

import io.unpark.sink.RefusedInput;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What parts of this process refused, for the status page: a part counts by reason, when a count grew is noted here. */
public final class RefusedInputs {
    private final Clock clock;
    private final Map<String, Supplier<Map<String, Long>>> parts = new TreeMap<>();
    private final Map<String, RefusedInput> seen = new TreeMap<>();

    public RefusedInputs(Clock clock) {
        this.clock = clock;
    }

    /** @param counts by reason, since the start */
    public synchronized void watch(String part, Supplier<Map<String, Long>> counts) {
        parts.put(part, counts);
    }

    /** Something may have been refused just now. */
    public synchronized void look() {
        Instant now = clock.instant();
        parts.forEach((part, counts) -> counts.get().forEach((reason, count) -> {
            RefusedInput last = seen.get(part + "/" + reason);
            if (count > 0 && (last == null || last.count() != count)) {
                seen.put(part + "/" + reason, new RefusedInput(part, reason, count, now));
            }
        }));
    }

    public synchronized List<RefusedInput> list() {
        look();
        return new ArrayList<>(seen.values());
    }
}
