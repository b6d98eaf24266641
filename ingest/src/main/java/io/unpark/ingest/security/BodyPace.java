package io.unpark.ingest.security;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/** The body of a request as it comes in. */
public interface BodyPace {
    /** Where a request has it. */
    String ATTRIBUTE = BodyPace.class.getName();

    /** Bytes that came so far. */
    long bytes();

    /** From now on, at most so long: who reads later than that gets an exception. */
    void endWithin(Duration limit);

    /** To be done when the request is over, whatever becomes of it. One action; a later one is added to it. */
    void whenOver(Runnable action);

    /** Of a request; empty on a server without {@link WebSecurity}. */
    static Optional<BodyPace> of(Context context) {
        return context.req().getAttribute(ATTRIBUTE) instanceof BodyPace pace ? Optional.of(pace) : Optional.empty();
    }

    /**
     * Reads on in a body that nobody wants, so that its client gets to read the answer; not for long, and not for much.
     *
     * @param limit of the time, where the server keeps one
     */
    static void drain(Context context, int maxBytes, Duration limit) {
        of(context).ifPresent(pace -> pace.endWithin(limit));
        InputStream body = context.bodyInputStream();
        byte[] buffer = new byte[64 << 10];
        try {
            int n = 0;
            for (int total = 0; n >= 0 && total < maxBytes; total += n) {
                n = body.read(buffer);
            }
        } catch (IOException clientLeft) {
            // Nobody waits for the answer any more, or not for long enough.
        }
    }
}
