package io.unpark.ingest.capture;

import java.util.List;

/**
 * What became of a wish, so far.
 *
 * @param id of the capture
 * @param wish what was asked for
 * @param askedUnixNs when, nanoseconds since 1970 UTC
 * @param open whether more may come
 * @param agents by process, in the order in which they were chosen; at least one
 */
public record CaptureReport(String id, CaptureWish wish, long askedUnixNs, boolean open, List<ShareReport> agents) {
    public CaptureReport {
        agents = List.copyOf(agents);
    }
}
