package io.unpark.sink.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A receiver of webhooks that misbehaves as it is told, and then takes everything. */
public final class FakeReceiver implements AutoCloseable {
    /** One request. */
    public record Got(String path, String key, String timestamp, String signature, String authorization, byte[] body) {
        public JsonNode json() {
            try {
                return new ObjectMapper().readTree(body);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        public List<String> changes() {
            List<String> changes = new ArrayList<>();
            json().path("notifications")
                    .forEach(it -> changes.add(it.path("change").asText() + " "
                            + it.at("/anomaly/id").asText()));
            return changes;
        }
    }

    /** What to do with a request. */
    public interface Answer {
        void to(HttpExchange exchange) throws Exception;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Answer> next = new ConcurrentLinkedQueue<>();
    private final List<Got> got = new CopyOnWriteArrayList<>();
    private final List<Got> taken = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    public FakeReceiver() throws IOException {
        this(0);
    }

    public FakeReceiver(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Got request = new Got(
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                exchange.getRequestHeaders().getFirst("Unpark-Timestamp"),
                exchange.getRequestHeaders().getFirst("Unpark-Signature"),
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getRequestBody().readAllBytes());
        got.add(request);
        Answer answer = next.poll();
        try (exchange) {
            if (answer != null) {
                answer.to(exchange);
            } else {
                taken.add(request);
                exchange.sendResponseHeaders(204, -1);
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    public static Answer status(int status, String... header) {
        return exchange -> {
            if (header.length > 0) {
                exchange.getResponseHeaders().set(header[0], header[1]);
            }
            byte[] body = "no, \u001b[31mreally".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        };
    }

    /** Takes the request and says nothing. */
    public Answer never() {
        return exchange -> closed.await();
    }

    /** Ends the connection in the middle of its answer. */
    public static Answer broken() {
        return exchange -> exchange.sendResponseHeaders(500, 1_000);
    }

    /** For the next requests, in order. */
    public void answer(Answer... answers) {
        next.addAll(List.of(answers));
    }

    /** All requests. */
    public List<Got> got() {
        return got;
    }

    /** Those it took. */
    public List<Got> taken() {
        return taken;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port() + "/hook";
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
