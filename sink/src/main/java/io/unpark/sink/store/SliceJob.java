package io.unpark.sink.store;

import io.unpark.analysis.model.ChunkRef;
import java.util.List;

/** A slice to copy. */
public record SliceJob(long id, String anomalyId, List<ChunkRef> refs) {}
