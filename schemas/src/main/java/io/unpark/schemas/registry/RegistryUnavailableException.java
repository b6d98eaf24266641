package io.unpark.schemas.registry;

import org.apache.kafka.common.errors.RetriableException;

/**
 * None of the registry's addresses answered, or only with 429 or 5xx, after all retries. The record at hand may be fine: to
 * try again later is right, to skip it or send it to a dead-letter topic is wrong.
 */
public final class RegistryUnavailableException extends RetriableException {
    private static final long serialVersionUID = 1L;

    public RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
