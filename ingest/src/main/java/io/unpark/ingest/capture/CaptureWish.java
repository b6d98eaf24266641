package io.unpark.ingest.capture;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What somebody wants to see.
 *
 * @param namespace may be empty
 * @param service whose processes
 * @param instance exactly this one; empty: whichever is free
 * @param agents how many processes at most, 1 or more
 * @param kind what of them
 * @param seconds length of the trace from now on; 0: what the flight recorder holds, and for all that is there at once
 * @param reason a word that travels with the trace, see {@link #isReason}
 * @param askedBy who wants it
 */
public record CaptureWish(
        String namespace,
        String service,
        Optional<String> instance,
        int agents,
        CaptureKind kind,
        int seconds,
        String reason,
        AskedBy askedBy) {
    private static final Pattern REASON = Pattern.compile("[!-~]{1,64}");

    /** A wish for a trace. */
    public CaptureWish(
            String namespace,
            String service,
            Optional<String> instance,
            int agents,
            int seconds,
            String reason,
            AskedBy askedBy) {
        this(namespace, service, instance, agents, CaptureKind.TRACE, seconds, reason, askedBy);
    }

    /** Who wants it. */
    public enum AskedBy {
        OPERATOR,
        ANOMALY
    }

    /** Whether it fits into a header: 1 to 64 visible ASCII characters, no blanks. */
    public static boolean isReason(String word) {
        return REASON.matcher(word).matches();
    }

    CaptureWish of(String one) {
        return new CaptureWish(namespace, service, Optional.of(one), 1, kind, seconds, reason, askedBy);
    }

    boolean names(AgentKey agent) {
        return agent.isOf(namespace, service)
                && instance.map(agent.instance()::equals).orElse(true);
    }
}
