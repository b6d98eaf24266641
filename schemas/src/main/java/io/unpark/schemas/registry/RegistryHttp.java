package io.unpark.schemas.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a request to the first of the registry's addresses that answers, and tries again when none does. */
final class RegistryHttp {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryHttp.class);
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int MAX_ANSWER_BYTES = 4 * 1024 * 1024;

    private final RegistryConfig config;
    private final HttpClient client;

    RegistryHttp(RegistryConfig config) {
        this.config = config;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(config.connectTimeout());
        config.tls().ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    /** An answer that a retry would not change: 2xx, 3xx or 4xx but not 429. */
    record Answer(int status, String body) {}

    Answer get(String path) {
        return send(path, HttpRequest.newBuilder().GET());
    }

    Answer post(String path, String json) {
        return send(path, HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private Answer send(String path, HttpRequest.Builder request) {
        request.header("Content-Type", CONTENT_TYPE).header("Accept", CONTENT_TYPE + ", application/json");
        config.userInfo().ifPresent(info -> request.header("Authorization", "Basic " + base64(info)));
        IOException last = null;
        Duration wait = config.retryWait();
        for (int round = 0; round <= config.maxRetries(); round++) {
            if (round > 0) {
                pause(wait);
                wait = min(wait.multipliedBy(2), RegistryConfig.MAX_RETRY_WAIT);
            }
            for (URI url : config.urls()) {
                try {
                    return once(request.uri(URI.create(url + path)).build());
                } catch (IOException e) {
                    LOG.debug("registry {}: {}", url, e.toString());
                    last = e;
                }
            }
        }
        throw new RegistryUnavailableException("no registry answers at " + config.urls() + ": " + last, last);
    }

    /** The time-out of {@code HttpRequest} ends with the headers, so the future's is used: it covers the body. */
    private Answer once(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> pending =
                client.sendAsync(request, answer -> new BoundedBody(MAX_ANSWER_BYTES));
        try {
            HttpResponse<byte[]> answer = pending.get(config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() == 429 || answer.statusCode() >= 500) {
                throw new IOException("status " + answer.statusCode());
            }
            return new Answer(answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (TimeoutException e) {
            pending.cancel(true);
            throw new IOException("no answer within " + config.requestTimeout().toMillis() + " ms", e);
        } catch (InterruptedException e) {
            pending.cancel(true);
            throw new InterruptException(e);
        }
    }

    private static void pause(Duration wait) {
        try {
            Thread.sleep(wait.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
