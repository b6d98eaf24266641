package io.unpark.sink.store;

/** Derived at each reading, never stored. */
public enum AnomalyState {
    /** It is still seen, or its service has not been heard of since. */
    OPEN,
    /** The service has been watched for long enough since it was last seen, or nothing came for that long. */
    RESOLVED
}
