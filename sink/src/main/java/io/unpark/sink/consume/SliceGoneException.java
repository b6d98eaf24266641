package io.unpark.sink.consume;

/** The bytes cannot be had any more; the message says why, for the user. */
final class SliceGoneException extends Exception {
    private static final long serialVersionUID = 1L;

    SliceGoneException(String why) {
        super(why);
    }
}
