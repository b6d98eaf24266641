package io.unpark.analysis.instance;

import io.unpark.analysis.model.ChunkRef;
import java.nio.ByteBuffer;

/**
 * One whole generation of one instance, as the correlator takes it.
 *
 * @param goMinor minor version of Go in the trace's header
 * @param sequence place of the generation within its capture, from 0
 * @param capturedUnixNs the shipper's wall clock for the generation's end; used where the format has no clock;
 *     0 when not known
 * @param clockErrorNs how far that may be off; -1 when not known
 * @param bytes whole batches, without the header
 * @param ref where the bytes lie
 * @param input base name of the file, "" in the pipeline
 */
public record GenerationInput(
        int goMinor,
        String capture,
        long sequence,
        long generation,
        long capturedUnixNs,
        long clockErrorNs,
        ByteBuffer bytes,
        ChunkRef ref,
        String input) {}
