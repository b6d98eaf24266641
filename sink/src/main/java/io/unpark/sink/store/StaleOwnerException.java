package io.unpark.sink.store;

/** Another sink has moved this partition's offset: nothing of the batch was written, and the reader must seek anew. */
public final class StaleOwnerException extends Exception {
    private static final long serialVersionUID = 1L;

    public StaleOwnerException(OffsetAdvance step) {
        super("partition " + step.source().partition() + " of " + step.source().topic() + " is no longer at offset "
                + (step.expected() == OffsetAdvance.ABSENT ? "(none)" : step.expected()) + ": another sink owns it");
    }
}
