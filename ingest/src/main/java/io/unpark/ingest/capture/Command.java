package io.unpark.ingest.capture;

/**
 * What an agent is told to do.
 *
 * @param id of the capture
 * @param seconds 0: what the flight recorder holds
 * @param reason a word
 */
record Command(String id, int seconds, String reason) {}
