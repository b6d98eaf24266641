package io.unpark.ingest.security;

import io.javalin.http.Context;
import java.util.Optional;

/**
 * Whose push it is, so that one client cannot have all there is room for.
 *
 * @param name of its token or certificate, else its address
 * @param concurrentPushes so many of it may be read at the same time
 */
public record PushClient(String name, int concurrentPushes) {
    private static final String ATTRIBUTE = PushClient.class.getName();

    /** Of a push that was let in; empty on a server without {@link WebSecurity}. */
    public static Optional<PushClient> of(Context context) {
        return Optional.ofNullable(context.attribute(ATTRIBUTE));
    }

    void attach(Context context) {
        context.attribute(ATTRIBUTE, this);
    }
}
