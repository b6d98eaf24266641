package io.unpark.analysis.codec;

/** Stored bytes are damaged or of a version that this program does not know. */
public final class CodecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CodecException(String message) {
        super(message);
    }
}
