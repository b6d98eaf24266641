package io.unpark.ingest.capture;

/**
 * What an agent says of the command that it was given last.
 *
 * @param id of the capture
 * @param refusal a word that says why it does nothing; empty when it has begun
 */
record AgentAnswer(String id, String refusal) {}
