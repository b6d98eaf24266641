package io.unpark.analysis.model;

/** How sure, least first. POSSIBLE is shown only on request. */
public enum Confidence {
    POSSIBLE("possible"),
    LIKELY("likely"),
    CERTAIN("certain");

    private final String id;

    Confidence(String id) {
        this.id = id;
    }

    public String id() {
        return id;
    }
}
