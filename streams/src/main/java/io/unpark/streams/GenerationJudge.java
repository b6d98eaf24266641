package io.unpark.streams;

import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.instance.StatePage;
import io.unpark.analysis.model.Instance;
import io.unpark.trace.TraceFormatException;
import java.util.List;
import java.util.Optional;

/** The correlator of one instance, as its processor sees it. */
interface GenerationJudge {
    /** Decodes and judges a generation in memory; empty for one that was judged before. After a throw it must be dropped. */
    Optional<InstanceOutput> process(GenerationInput input) throws TraceFormatException;

    /** Pages that changed since the last call; one without bytes is to be deleted. */
    List<StatePage> dirtyPages();

    /** Makes one from the pages that were put, none for a new instance. */
    interface Restorer {
        GenerationJudge restore(Instance instance, Iterable<StatePage> pages);

        /** The same for one task, whose judges are asked one at a time. */
        default Restorer forTask() {
            return this;
        }
    }
}
