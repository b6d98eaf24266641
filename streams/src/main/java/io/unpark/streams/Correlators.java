package io.unpark.streams;

import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.model.Instance;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Correlators of one task on the heap, restored from their pages when missing. Bounded: the one that was used least
 * recently is forgotten, which loses nothing, since its pages were put when it last changed.
 */
final class Correlators {
    private static final Logger LOG = LoggerFactory.getLogger(Correlators.class);

    private final StatePages pages;
    private final GenerationJudge.Restorer judges;
    private final int max;
    private final StreamsCounters counters;
    private final Map<String, GenerationJudge> recent = new LinkedHashMap<>(16, 0.75f, true);

    Correlators(StatePages pages, GenerationJudge.Restorer judges, int max, StreamsCounters counters) {
        this.pages = pages;
        this.judges = judges;
        this.max = max;
        this.counters = counters;
    }

    GenerationJudge get(String key, Instance instance) {
        GenerationJudge known = recent.get(key);
        if (known != null) {
            return known;
        }
        GenerationJudge restored = restore(key, instance);
        recent.put(key, restored);
        if (recent.size() > max) {
            Iterator<String> eldest = recent.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return restored;
    }

    /** State of another version, after an upgrade, must not stop the instance: it begins anew, as one that was never seen. */
    private GenerationJudge restore(String key, Instance instance) {
        try {
            return judges.restore(instance, pages.load(key));
        } catch (CodecException e) {
            LOG.warn("The state of {} cannot be read and is discarded: {}", key, e.getMessage());
            counters.discardedStates.increment();
            pages.deleteAll(key);
            return judges.restore(instance, List.of());
        }
    }

    /** Forgets one whose heap copy may differ from its pages. */
    void drop(String key) {
        recent.remove(key);
    }

    void clear() {
        recent.clear();
    }
}
