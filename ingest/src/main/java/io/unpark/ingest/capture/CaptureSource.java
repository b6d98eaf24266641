package io.unpark.ingest.capture;

import java.util.List;

/**
 * Processes that can be traced, or profiled, without an agent that asks for work, such as the targets of a scraper. Its methods
 * return at once, and may be called from any thread.
 */
public interface CaptureSource {
    /** Knows nobody. */
    CaptureSource NONE = new CaptureSource() {
        @Override
        public List<AgentKey> instances(String namespace, String service, CaptureKind kind) {
            return List.of();
        }

        @Override
        public void begin(AgentKey instance, CaptureKind kind, int seconds, Outcome outcome) {
            outcome.failed("there is nobody to trace it");
        }
    };

    /** The processes of a service of which it could get that now. */
    List<AgentKey> instances(String namespace, String service, CaptureKind kind);

    /**
     * Begins with one of them. What comes of it goes the way of all traces and profiles; {@code outcome} is told.
     *
     * @param seconds length of a trace, 1 or more; 0 was asked for as "what led to now", which such a source does not have: it may choose
     */
    void begin(AgentKey instance, CaptureKind kind, int seconds, Outcome outcome);

    /** Is told once, from any thread. */
    interface Outcome {
        /** It has been accepted to its end, or as far as {@code accepted} says. */
        void arrived(Accepted accepted);

        /** @param why in a few words, without what a client sent */
        void failed(String why);
    }
}
