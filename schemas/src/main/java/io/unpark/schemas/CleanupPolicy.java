package io.unpark.schemas;

/** What the broker does with old records of a topic. */
public enum CleanupPolicy {
    /** Drops them when they are older than the retention. */
    DELETE("delete"),
    /** Keeps the newest of each key; tombstones stay for the retention. */
    COMPACT("compact");

    private final String configValue;

    CleanupPolicy(String configValue) {
        this.configValue = configValue;
    }

    /** The value of Kafka's {@code cleanup.policy}. */
    public String configValue() {
        return configValue;
    }
}
