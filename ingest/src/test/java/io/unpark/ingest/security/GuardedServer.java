package io.unpark.ingest.security;

import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A server with the paths of ours and nothing behind them: a push answers with the number of its bytes. */
final class GuardedServer implements AutoCloseable {
    static final ConnectionLimits QUICK =
            new ConnectionLimits(Duration.ofSeconds(20), Duration.ofSeconds(1), Duration.ofSeconds(1), 1000, 100);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final WebSecurity security;
    private final Javalin server;
    /** What reading the last body threw. */
    final AtomicReference<Throwable> failure = new AtomicReference<>();
    /** Pushes wait for it. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    GuardedServer(WebSecurity.Options options) throws IOException {
        security = new WebSecurity(options, LOOK_EVERY);
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    security.install(config, "127.0.0.1", 0);
                    config.routes.post("/ingest/v1/trace", context -> {
                        gate.await(30, TimeUnit.SECONDS);
                        try {
                            context.status(202)
                                    .result("" + context.bodyInputStream().readAllBytes().length);
                        } catch (IOException e) {
                            failure.set(e);
                            context.status(408).result("too slow");
                        }
                    });
                    config.routes.get("/healthz", context -> context.result("ok"));
                    config.routes.get("/api/v1/anomalies", context -> context.result("[]"));
                    // A body that is left unread ends the connection, sometimes before the answer was read.
                    config.routes.post(
                            "/api/v1/anything", context -> context.result("" + context.bodyAsBytes().length));
                })
                .start();
    }

    static WebSecurity.Options withAccess(Path file) {
        return new WebSecurity.Options(
                Optional.empty(), Optional.of(file), ClientLimits.DEFAULT, ConnectionLimits.DEFAULT);
    }

    static WebSecurity.Options limited(ClientLimits clients, ConnectionLimits connections) {
        return new WebSecurity.Options(Optional.empty(), Optional.empty(), clients, connections);
    }

    int port() {
        return server.port();
    }

    WebSecurity security() {
        return security;
    }

    URI uri(String path) {
        return URI.create(security.scheme() + "://localhost:" + server.port() + path);
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send(HttpClient.newHttpClient(), request(path, headers).GET());
    }

    HttpResponse<String> post(String path, byte[] body, String... headers) throws IOException, InterruptedException {
        return send(HttpClient.newHttpClient(), request(path, headers).POST(BodyPublishers.ofByteArray(body)));
    }

    HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop();
        security.close();
    }
}
