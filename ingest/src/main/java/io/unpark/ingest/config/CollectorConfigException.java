package io.unpark.ingest.config;

/** A mistake in the configuration, told so that it can be mended. */
public final class CollectorConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CollectorConfigException(String message) {
        super(message);
    }
}
