package io.unpark.sink.store;

import java.util.List;

/** Who is told of what. Safe for use by several threads. */
public interface NoticeRules {
    /** Nobody is told anything. */
    NoticeRules NONE = new NoticeRules() {
        @Override
        public List<String> receivers() {
            return List.of();
        }

        @Override
        public NoticeVerdict verdict(String receiver, AnomalyFacts anomaly) {
            return NoticeVerdict.IGNORE;
        }

        @Override
        public StateRule stateRule() {
            throw new UnsupportedOperationException("there are no receivers");
        }

        @Override
        public int queueRowsMax() {
            return 0;
        }

        @Override
        public String shortened(String document) {
            return document;
        }
    };

    /** Names, in order. */
    List<String> receivers();

    NoticeVerdict verdict(String receiver, AnomalyFacts anomaly);

    /** When an anomaly counts as resolved, as of now. */
    StateRule stateRule();

    /** So many notices may wait for a receiver; beyond it the oldest go. */
    int queueRowsMax();

    /** What a notice keeps of an anomaly's document; JSON too. */
    String shortened(String document);
}
