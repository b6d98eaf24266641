package io.unpark.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.unpark.schemas.registry.RegistryException;
import io.unpark.schemas.registry.SchemaCatalog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry on a loopback port that speaks the part of Confluent's REST API which serializers use, and keeps its
 * schemas in the compacted topic {@code _schemas}. Compatibility is BACKWARD. One per cluster: it assumes that nobody else
 * writes to the topic.
 */
public final class EmbeddedRegistry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRegistry.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MAX_SKIPPED_BYTES = 64L << 20;

    private static final int MAX_BODY_BYTES = 2 * SchemaCatalog.MAX_SCHEMA_LENGTH;
    private static final int STORE_ERROR = 50001;
    private static final int THREADS = 4;

    private final HttpServer server;
    private final ExecutorService threads;
    private final SchemaStore store;

    private EmbeddedRegistry(HttpServer server, ExecutorService threads, SchemaStore store) {
        this.server = server;
        this.threads = threads;
        this.store = store;
    }

    /**
     * Starts a registry; it serves when this returns.
     *
     * @param bootstrap the cluster that keeps the schemas
     * @param port loopback port, or 0 for any free one
     * @throws IOException when the port is taken
     * @throws KafkaException when the cluster does not answer
     */
    public static EmbeddedRegistry start(String bootstrap, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        SchemaStore store;
        try {
            store = new SchemaStore(bootstrap);
        } catch (RuntimeException e) {
            server.stop(0);
            throw e;
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "unpark-registry");
            thread.setDaemon(true);
            return thread;
        });
        RegistryRoutes routes = new RegistryRoutes(store);
        server.setExecutor(threads);
        server.createContext("/", exchange -> handle(exchange, routes));
        server.start();
        return new EmbeddedRegistry(server, threads, store);
    }

    /** Value for {@code schema.registry.url}. */
    public String url() {
        return "http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        store.close();
    }

    private static void handle(HttpExchange exchange, RegistryRoutes routes) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
            if (body.length > MAX_BODY_BYTES) {
                // Closing on a client that still sends resets the connection, and it never sees the answer.
                exchange.getRequestBody().skip(MAX_SKIPPED_BYTES);
                // What is left is not read: the client must not send its next request behind it.
                exchange.getResponseHeaders().set("Connection", "close");
                error(exchange, 413, "request of more than " + MAX_BODY_BYTES + " bytes");
                return;
            }
            answer(exchange, routes, new String(body, StandardCharsets.UTF_8));
        }
    }

    private static void answer(HttpExchange exchange, RegistryRoutes routes, String body) throws IOException {
        try {
            List<String> path = segments(exchange.getRequestURI().getRawPath());
            send(exchange, 200, routes.answer(exchange.getRequestMethod(), path, body));
        } catch (RegistryException e) {
            error(exchange, e.errorCode(), e.getMessage());
        } catch (KafkaException e) {
            LOG.warn("schemas cannot be stored: {}", e.toString());
            error(exchange, STORE_ERROR, "Error in the backend data store");
        } catch (RuntimeException e) {
            LOG.error("registry failed on {}", exchange.getRequestURI(), e);
            error(exchange, 500, "Internal Server Error");
        }
    }

    private static List<String> segments(String rawPath) {
        try {
            return Arrays.stream(rawPath.split("/"))
                    .filter(segment -> !segment.isEmpty())
                    // A plus is itself in a path; the decoder is for forms.
                    .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new RegistryException(400, "path is not well encoded");
        }
    }

    /** @param errorCode Confluent's: the first three digits are the status */
    private static void error(HttpExchange exchange, int errorCode, String message) throws IOException {
        int status = errorCode >= 1000 ? errorCode / 100 : errorCode;
        send(
                exchange,
                status,
                JSON.createObjectNode().put("error_code", errorCode).put("message", message));
    }

    private static void send(HttpExchange exchange, int status, JsonNode json) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(json);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
