package io.unpark.streams;

import io.unpark.analysis.model.Instance;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Correlators of one task on the heap, restored from their pages when missing. Bounded: the one that was used least
 * recently is forgotten, which loses nothing, since its pages were put when it last changed.
 */
final class Correlators {
    private final StatePages pages;
    private final GenerationJudge.Restorer judges;
    private final int max;
    private final Map<String, GenerationJudge> recent = new LinkedHashMap<>(16, 0.75f, true);

    Correlators(StatePages pages, GenerationJudge.Restorer judges, int max) {
        this.pages = pages;
        this.judges = judges;
        this.max = max;
    }

    GenerationJudge get(String key, Instance instance) {
        GenerationJudge known = recent.get(key);
        if (known != null) {
            return known;
        }
        GenerationJudge restored = judges.restore(instance, pages.load(key));
        recent.put(key, restored);
        if (recent.size() > max) {
            Iterator<String> eldest = recent.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return restored;
    }

    /** Forgets one whose heap copy may differ from its pages. */
    void drop(String key) {
        recent.remove(key);
    }

    void clear() {
        recent.clear();
    }
}
