package io.unpark.app.doctor;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;

/** Answers of the cluster, and why there is none. */
final class Causes {
    /** Longer than a cluster needs that elects a leader. */
    static final int ANSWER_MS = 15_000;

    private Causes() {}

    /** Waits; failures are thrown as Kafka's. */
    static <T> T get(Future<T> answer) {
        try {
            return answer.get(2L * ANSWER_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("no answer within " + 2 * ANSWER_MS / 1000 + " s", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** The innermost cause that has a text: clients wrap what they know in exceptions without one. */
    static String reason(Throwable e) {
        String reason = e.getClass().getSimpleName();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            reason = cause.getMessage() == null ? reason : cause.getMessage();
        }
        return reason.lines().findFirst().orElse(reason);
    }

    static boolean isForbidden(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof AuthorizationException || cause instanceof AuthenticationException) {
                return true;
            }
        }
        return false;
    }
}
