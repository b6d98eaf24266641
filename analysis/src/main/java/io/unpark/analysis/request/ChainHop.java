package io.unpark.analysis.request;

import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestSegment;

/**
 * One hop of a request's critical path over all services.
 *
 * @param depth 0 for what the request's own main goroutine did; a hop explains the last one before it that is less deep
 * @param segment in which service's part of the request it was seen
 * @param hop its place and kind; its own nanoseconds are those within its segment
 * @param ns nanoseconds of the whole request's time that no hop below it explains
 * @param totalNs with those of all hops below
 * @param what one phrase
 */
public record ChainHop(int depth, RequestSegment segment, PathHop hop, long ns, long totalNs, String what) {}
