package io.unpark.sink.consume;

import io.unpark.analysis.model.ChunkRef;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Which generations a slice takes: Go's reader refuses a gap, so one run of one capture. */
final class SlicePlan {
    private SlicePlan() {}

    /**
     * The newest run of generations without a gap, of the capture named last: the first is the newest. Of several
     * chunks of one generation (its parts) the one with the smallest offset.
     *
     * @param refs not empty
     */
    static List<ChunkRef> newestFirst(List<ChunkRef> refs) {
        ChunkRef last = refs.get(refs.size() - 1);
        TreeMap<Long, ChunkRef> byGeneration = new TreeMap<>();
        for (ChunkRef ref : refs) {
            if (ref.capture().equals(last.capture())
                    && ref.topic().equals(last.topic())
                    && ref.partition() == last.partition()) {
                byGeneration.merge(ref.generation(), ref, (a, b) -> a.offset() <= b.offset() ? a : b);
            }
        }
        List<ChunkRef> run = new ArrayList<>();
        for (ChunkRef ref : byGeneration.descendingMap().values()) {
            if (!run.isEmpty() && run.get(run.size() - 1).generation() != ref.generation() + 1) {
                break;
            }
            run.add(ref);
        }
        return run;
    }
}
