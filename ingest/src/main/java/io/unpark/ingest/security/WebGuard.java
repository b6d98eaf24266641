package io.unpark.ingest.security;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.unpark.ingest.security.Clients.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/**
 * Lets a request pass or answers it with a problem document, before any route sees it. What no rule names needs the most: a path in
 * another spelling opens nothing.
 */
final class WebGuard {
    private static final String INGEST = "/ingest/";
    private static final Set<String> FOR_ALL = Set.of("/healthz", "/readyz");
    private static final Set<String> PUSHES = Set.of("/ingest/v1/trace", "/ingest/v1/race", "/ingest/v1/profile");
    /** What a page is made of, which says nothing of anybody's services. */
    private static final Pattern PAGE = Pattern.compile("/|/[A-Za-z0-9_./-]{1,100}\\.(html|js|css|svg|png|woff2)");

    private static final int MAX_DRAIN_BYTES = 1 << 20;
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);

    private final Identities identities;
    private final Clients clients;
    private final int concurrentPushes;
    private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();

    /** @param concurrentPushes of one client; who reads pushes keeps to it */
    WebGuard(Identities identities, Clients clients, int concurrentPushes) {
        this.identities = identities;
        this.clients = clients;
        this.concurrentPushes = concurrentPushes;
    }

    /** Refused requests by reason. */
    Map<String, Long> refused() {
        Map<String, Long> counts = new TreeMap<>();
        refused.forEach((reason, count) -> counts.put(reason, count.sum()));
        return counts;
    }

    void check(Context context) {
        try {
            Optional<Caller> caller = authorised(context);
            if (context.method() == HandlerType.POST && PUSHES.contains(context.path())) {
                limit(context, caller.map(it -> "caller " + it.name()).orElse("address " + context.ip()));
            }
        } catch (RefusedRequest e) {
            refused.computeIfAbsent(e.reason(), reason -> new LongAdder()).increment();
            e.write(context);
            if (e.drains()) {
                BodyPace.drain(context, MAX_DRAIN_BYTES, DRAIN_LIMIT);
            }
            context.skipRemainingHandlers();
        }
    }

    private Optional<Caller> authorised(Context context) throws RefusedRequest {
        if (!identities.asksForNames()) {
            return identities.trustedCertificate(context);
        }
        if (FOR_ALL.contains(context.path()) || isLogin(context)) {
            return Optional.empty();
        }
        Caller caller = identities.caller(context, isReading(context));
        if (context.path().startsWith(INGEST)) {
            requirePush(context, caller);
        } else if (!caller.may(isReading(context) ? Permission.READ : Permission.MANAGE)) {
            throw RefusedRequest.forbidden(
                    caller.name() + " may not " + (isReading(context) ? "read" : "change anything"));
        }
        return Optional.of(caller);
    }

    /** Where there is a login, its routes, and the page that leads there. */
    private boolean isLogin(Context context) {
        return identities.login().isPresent()
                && isReading(context)
                && (identities.login().get().isOpen(context)
                        || PAGE.matcher(context.path()).matches()
                                && !context.path().startsWith("/api/")
                                && !context.path().startsWith(INGEST));
    }

    private static boolean isReading(Context context) {
        return context.method() == HandlerType.GET || context.method() == HandlerType.HEAD;
    }

    private static void requirePush(Context context, Caller caller) throws RefusedRequest {
        String service = context.queryParam("service");
        String namespace = context.queryParam("namespace");
        if (!caller.mayPush(namespace == null ? "" : namespace, service == null ? "" : service)) {
            throw RefusedRequest.forbidden(caller.name() + " may not push as "
                    + (service == null || service.isEmpty() ? "no service: add ?service=NAME" : "this service"));
        }
    }

    private void limit(Context context, String client) throws RefusedRequest {
        Verdict verdict = clients.begin(client);
        if (verdict.retryAfterSeconds() > 0) {
            throw RefusedRequest.tooMuch(verdict);
        }
        new PushClient(client, concurrentPushes).attach(context);
        BodyPace.of(context).ifPresent(pace -> pace.whenOver(() -> clients.end(client, pace.bytes())));
    }
}
