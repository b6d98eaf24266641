package io.unpark.ingest.discovery;

import io.unpark.ingest.outgoing.HttpAccess;
import io.unpark.ingest.outgoing.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Targets that a server tells, as http_sd of Prometheus: 200 and JSON. A failing server leaves its last targets in force. */
public final class HttpTargets implements TargetSource {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final URI uri;
    private final HttpAccess access;
    private final Duration refreshEvery;
    private volatile List<TargetGroup> known = List.of();

    public HttpTargets(URI uri, HttpAccess access, Duration refreshEvery) {
        this.uri = uri;
        this.access = access;
        this.refreshEvery = refreshEvery;
    }

    @Override
    public String name() {
        return "http_sd " + uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }

    @Override
    public Duration refreshEvery() {
        return refreshEvery;
    }

    @Override
    public List<TargetGroup> known() {
        return known;
    }

    @Override
    public List<TargetGroup> refresh() throws IOException {
        HttpRequest request = access.request(uri)
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .header("X-Prometheus-Refresh-Interval-Seconds", String.valueOf(refreshEvery.toSeconds()))
                .build();
        known = TargetGroups.ofJson(body(request));
        return known;
    }

    /** The timeout of a request ends with its header; this one is for the body as well. */
    private byte[] body(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<InputStream>> answer =
                access.client().sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        try {
            HttpResponse<InputStream> response = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            InputStream in = response.body();
            CompletableFuture<Void> late =
                    new CompletableFuture<Void>().completeOnTimeout(null, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            late.thenRun(() -> closeQuietly(in));
            try (in) {
                return checked(response, in);
            } finally {
                late.cancel(false);
            }
        } catch (ExecutionException e) {
            throw new IOException("no answer: " + Reasons.of(e), e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no answer within " + TIMEOUT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static byte[] checked(HttpResponse<InputStream> response, InputStream in) throws IOException {
        if (response.statusCode() != 200) {
            throw new IOException("answered with " + response.statusCode() + ", not 200");
        }
        String type = response.headers().firstValue("Content-Type").orElse("none");
        if (!type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw new IOException("the content type is not application/json");
        }
        byte[] bytes = in.readNBytes(TargetGroups.MAX_BYTES + 1);
        if (bytes.length > TargetGroups.MAX_BYTES) {
            throw new IOException("the answer is larger than " + TargetGroups.MAX_BYTES + " bytes");
        }
        return bytes;
    }

    private static void closeQuietly(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            return; // it is closed either way
        }
    }
}
