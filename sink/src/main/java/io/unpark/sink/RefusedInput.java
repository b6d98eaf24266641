package io.unpark.sink;

import java.time.Instant;

/**
 * Input that some part of this process refused, for the status page.
 *
 * @param where what refused it: {@code ingest}, or a topic
 * @param reason why, in words for the sender
 * @param count how often
 * @param last when it happened last
 */
public record RefusedInput(String where, String reason, long count, Instant last) {}
