package io.unpark.ingest.security;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.unpark.ingest.security.Clients.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Lets a request pass or answers it with a problem document, before any route sees it. What no rule names needs the most: a path in
 * another spelling opens nothing.
 */
final class WebGuard {
    private static final String CERTIFICATE = "jakarta.servlet.request.X509Certificate";
    private static final String INGEST = "/ingest/";
    private static final Set<String> FOR_ALL = Set.of("/healthz", "/readyz");
    private static final Set<String> PUSHES = Set.of("/ingest/v1/trace", "/ingest/v1/race");
    private static final int MAX_DRAIN_BYTES = 1 << 20;
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);

    private final Supplier<Optional<AccessList>> access;
    private final boolean certificatesAreEnough;
    private final Clients clients;
    private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();

    /**
     * @param access empty when nobody is asked who they are
     * @param certificatesAreEnough whether a certificate of the right issuer may do everything; only without an access list
     */
    WebGuard(Supplier<Optional<AccessList>> access, boolean certificatesAreEnough, Clients clients) {
        this.access = access;
        this.certificatesAreEnough = certificatesAreEnough;
        this.clients = clients;
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
        Optional<AccessList> list = access.get();
        if (list.isEmpty()) {
            return certificatesAreEnough ? certificate(context).map(WebGuard::trusted) : Optional.empty();
        }
        if (FOR_ALL.contains(context.path())) {
            return Optional.empty();
        }
        Caller caller = identified(context, list.get());
        if (context.path().startsWith(INGEST)) {
            requirePush(context, caller);
        } else if (!caller.may(isReading(context) ? Permission.READ : Permission.MANAGE)) {
            throw RefusedRequest.forbidden(
                    caller.name() + " may not " + (isReading(context) ? "read" : "change anything"));
        }
        return Optional.of(caller);
    }

    private static Caller trusted(X509Certificate certificate) {
        return Caller.trusted(
                CertificateNames.of(certificate).stream().findFirst().orElse("certificate"));
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

    private Caller identified(Context context, AccessList list) throws RefusedRequest {
        String token = token(context);
        if (token != null) {
            return byToken(context.ip(), token, list);
        }
        Optional<X509Certificate> certificate = certificate(context);
        if (certificate.isEmpty()) {
            throw RefusedRequest.unauthorised("send a token: Authorization: Bearer unpark_…", isReading(context));
        }
        return list.byCertificate(certificate.get())
                .orElseThrow(() -> RefusedRequest.forbidden("the certificate's names are not in the access file"));
    }

    private Caller byToken(String address, String token, AccessList list) throws RefusedRequest {
        Optional<Caller> known = list.knownToken(token);
        if (known.isPresent()) {
            return known.get();
        }
        if (clients.triesTooMuch(address)) {
            throw RefusedRequest.tooManyTries();
        }
        Optional<Caller> caller = list.byToken(token);
        if (caller.isEmpty()) {
            clients.failed(address);
            throw RefusedRequest.unauthorised("the token is not known, or no longer", false);
        }
        return caller.get();
    }

    /** Browsers know only Basic, with any name and the token as the password; they send it unasked, so it only reads. */
    private static String token(Context context) {
        String header = context.header("Authorization");
        if (header == null) {
            return null;
        }
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return header.substring(7).strip();
        }
        if (header.regionMatches(true, 0, "Basic ", 0, 6) && isReading(context)) {
            try {
                String pair = new String(
                        Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
                return pair.substring(pair.indexOf(':') + 1);
            } catch (IllegalArgumentException notBase64) {
                return "";
            }
        }
        return "";
    }

    private static Optional<X509Certificate> certificate(Context context) {
        return context.req().getAttribute(CERTIFICATE) instanceof X509Certificate[] chain && chain.length > 0
                ? Optional.of(chain[0])
                : Optional.empty();
    }

    private void limit(Context context, String client) throws RefusedRequest {
        Verdict verdict = clients.begin(client);
        if (verdict.retryAfterSeconds() > 0) {
            throw RefusedRequest.tooMuch(verdict);
        }
        BodyPace.of(context).ifPresent(pace -> pace.whenOver(() -> clients.end(client, pace.bytes())));
    }
}
