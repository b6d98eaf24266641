package io.unpark.sink.notify;

/** A mistake in the section {@code notify}, told so that it can be mended. */
public final class NotifyConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotifyConfigException(String message) {
        super(message);
    }
}
