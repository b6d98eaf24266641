package io.unpark.ingest.capture;

import java.util.List;

/**
 * Processes that can be traced without an agent that asks for work, such as the targets of a scraper. Its methods return at once, and may be
 * called from any thread.
 */
public interface CaptureSource {
    /** Knows nobody. */
    CaptureSource NONE = new CaptureSource() {
        @Override
        public List<AgentKey> instances(String namespace, String service) {
            return List.of();
        }

        @Override
        public void begin(AgentKey instance, int seconds, Outcome outcome) {
            outcome.failed("there is nobody to trace it");
        }
    };

    /** The processes of a service that it could trace now. */
    List<AgentKey> instances(String namespace, String service);

    /**
     * Begins a trace of one of them. What comes of it goes the way of all traces; {@code outcome} is told.
     *
     * @param seconds its length, 1 or more; 0 was asked for as "what led to now", which such a source does not have: it may choose
     */
    void begin(AgentKey instance, int seconds, Outcome outcome);

    /** Is told once, from any thread. */
    interface Outcome {
        /** The trace has been accepted to its end, or as far as {@code accepted} says. */
        void arrived(Accepted accepted);

        /** @param why in a few words, without what a client sent */
        void failed(String why);
    }
}
