package io.unpark.streams;

import io.unpark.analysis.codec.CodecException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;

/** Tells whose fault an exception is, which decides what becomes of the record at hand. */
final class Failures {
    /** Longer chains of causes are somebody's loop. */
    private static final int MAX_CAUSES = 32;

    private Failures() {}

    /**
     * Whether the record would have gone through on another day: the broker or the registry failed, or stored state cannot be read. A decoder's
     * or detector's own exception is the input's fault, even where it is our bug too: trying again would not help.
     */
    static boolean isNotTheInputsFault(Throwable e) {
        boolean outage = e instanceof KafkaException && !(e instanceof SerializationException);
        return outage || e instanceof CodecException;
    }

    /** What to throw for a failure in judging an input, before the first put: a refusal when it is the input's fault. */
    static RuntimeException refusal(String what, RuntimeException e) {
        return isNotTheInputsFault(e) ? e : new RefusedInputException(what, e);
    }

    /** The innermost cause in words, and what to do where we know it. */
    static String explain(Throwable e) {
        Throwable cause = e;
        for (int left = MAX_CAUSES; left > 0 && cause.getCause() != null; left--) {
            cause = cause.getCause();
        }
        if (cause instanceof MissingSourceTopicException) {
            return "topics are missing; unpark topics create makes them: " + cause.getMessage();
        }
        return cause instanceof AuthorizationException ? forbidden(e, cause) : cause.toString();
    }

    /** Some refusals name what they are about; of others only the wrapping does. */
    private static String forbidden(Throwable e, Throwable cause) {
        String what = String.valueOf(e.getMessage());
        String wrapping = what.contains(String.valueOf(cause.getMessage())) ? "" : what + ": ";
        return "Kafka does not allow it: " + wrapping + cause.getMessage()
                + "; unpark topics acls prints what each role must be allowed";
    }

    /** Whether trying again may help: the registry or a broker did not answer. */
    static boolean isRetriable(Throwable e) {
        int left = MAX_CAUSES;
        for (Throwable t = e; t != null && left > 0; t = t.getCause(), left--) {
            if (t instanceof RetriableException) {
                return true;
            }
        }
        return false;
    }
}
