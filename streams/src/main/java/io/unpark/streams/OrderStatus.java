package io.unpark.streams;

/**
 * What did not come in its order, since the start, over all threads; what an aborted transaction did is counted too.
 *
 * @param missingGenerations that were declared missing: what follows each is judged as after a gap
 * @param lateChunks that came after that, and are on the dead-letter topic
 * @param incompleteGenerations of the missing ones, those of which some parts came; these are on the dead-letter topic
 * @param evictedWaits waits for missing generations that ended by a limit, the wall clock or the end of the input, and not by
 *     the generations that came
 * @param closedCaptures captures that were let go since too many of one instance were open
 */
public record OrderStatus(
        long missingGenerations, long lateChunks, long incompleteGenerations, long evictedWaits, long closedCaptures) {}
