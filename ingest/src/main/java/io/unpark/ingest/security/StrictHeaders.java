package io.unpark.ingest.security;

import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Headers of every answer, whoever makes it, errors of the server itself too: no browser runs or loads anything because of it, or shows
 * it in another page. Pages allow themselves what they need.
 */
final class StrictHeaders implements HttpConfiguration.Customizer {
    static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin");

    @Override
    public Request customize(Request request, HttpFields.Mutable answer) {
        HEADERS.forEach(answer::put);
        return request;
    }
}
