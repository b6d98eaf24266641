package io.unpark.ingest.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that take their time, and clients that want too much of it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SlowClientsTest {
    private static final String POST = "POST /ingest/v1/trace?service=a HTTP/1.1\r\nHost: localhost\r\n";
    private static final String PATH = "/ingest/v1/trace?service=a";

    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final List<Socket> sockets = new ArrayList<>();
    private GuardedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new GuardedServer(GuardedServer.limited(ClientLimits.DEFAULT, GuardedServer.QUICK));
    }

    @AfterEach
    void stop() throws IOException {
        clock.shutdownNow();
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    /** A byte of it every now and then, for as long as the other side takes it. */
    private void drip(Socket socket, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        int[] at = {0};
        clock.scheduleAtFixedRate(
                () -> {
                    try {
                        socket.getOutputStream().write(bytes[at[0]++ % bytes.length]);
                    } catch (IOException gone) {
                        throw new IllegalStateException(gone);
                    }
                },
                0,
                50,
                TimeUnit.MILLISECONDS);
    }

    @Test
    void aHeaderThatDoesNotEndIsNotWaitedFor() throws Exception {
        Socket socket = connect();
        long beganNs = System.nanoTime();

        drip(socket, "GET /healthz HTTP/1.1\r\n" + "X-A: b\r\n".repeat(1000));

        assertThat(closedAfter(socket, beganNs)).isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
    }

    @Test
    void aSecondHeaderThatDoesNotEndIsNotWaitedFor() throws Exception {
        Socket socket = connect();
        socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().readNBytes(12))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("HTTP/1.1 200");
        long beganNs = System.nanoTime();

        drip(socket, "GET /healthz HTTP/1.1\r\n" + "X-A: b\r\n".repeat(1000));

        assertThat(closedAfter(socket, beganNs)).isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
    }

    @Test
    void aConnectionThatWaitsForItsNextRequestIsKept() throws Exception {
        Socket socket = connect();
        byte[] request = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        socket.getOutputStream().write(request);
        long beganNs = System.nanoTime();

        // Longer than a header may take
        await().atMost(Duration.ofSeconds(10)).until(() -> System.nanoTime() - beganNs > 2_500_000_000L);
        socket.getOutputStream().write(request);

        StringBuilder answers = new StringBuilder();
        while (answers.toString().split("HTTP/1.1 200", -1).length < 3) {
            int next = socket.getInputStream().read();
            assertThat(next).as(answers.toString()).isNotNegative();
            answers.append((char) next);
        }
    }

    @Test
    void aBodyThatDripsIsNotWaitedFor() throws Exception {
        Socket socket = connect();
        socket.getOutputStream().write((POST + "Content-Length: 100000\r\n\r\n").getBytes(StandardCharsets.US_ASCII));

        drip(socket, "x");

        assertThat(socket.getInputStream().readNBytes(12))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("HTTP/1.1 408");
        assertThat(server.failure.get()).hasRootCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void aBodyThatFallsSilentIsNotWaitedFor() throws Exception {
        Socket socket = connect();
        socket.getOutputStream()
                .write((POST + "Content-Length: 100000\r\n\r\nsome").getBytes(StandardCharsets.US_ASCII));

        assertThat(socket.getInputStream().readNBytes(12))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("HTTP/1.1 408");
    }

    @Test
    void aSenderIsNotBlamedForTheTimeInWhichNobodyReads() throws Exception {
        // Given: a push that has to wait for longer than a slow body may take
        server.gate = new CountDownLatch(1);
        clock.schedule(server.gate::countDown, 2_500, TimeUnit.MILLISECONDS);

        HttpResponse<String> answer = server.post(PATH, new byte[3 << 20]);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("" + (3 << 20));
    }

    @Test
    void whoPushesTooOftenIsToldWhenToComeBack() throws Exception {
        server.close();
        server = new GuardedServer(GuardedServer.limited(new ClientLimits(2, 1 << 20, 3), GuardedServer.QUICK));

        List<HttpResponse<String>> answers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            answers.add(server.post(PATH, new byte[10]));
        }

        assertThat(answers).filteredOn(it -> it.statusCode() == 202).hasSizeBetween(4, 10);
        assertThat(answers)
                .filteredOn(it -> it.statusCode() == 429)
                .isNotEmpty()
                .allSatisfy(it -> {
                    assertThat(it.headers().firstValue("Retry-After")).hasValue("1");
                    assertThat(it.body()).contains("\"reason\":\"client_limit\"");
                });
    }

    @Test
    void whoPushesTooMuchIsToldWhenToComeBack() throws Exception {
        server.close();
        server = new GuardedServer(GuardedServer.limited(new ClientLimits(1000, 100_000, 3), GuardedServer.QUICK));

        assertThat(server.post(PATH, new byte[1_000_000]).statusCode()).isEqualTo(202);
        await().untilAsserted(() -> {
            HttpResponse<String> next = server.post(PATH, new byte[10]);
            assertThat(next.statusCode()).isEqualTo(429);
            assertThat(Integer.parseInt(next.headers().firstValue("Retry-After").orElse("0")))
                    .isBetween(3, 8);
        });
    }

    @Test
    void connectionsBeyondTheMostAreTakenWhenOthersGo() throws Exception {
        for (int i = 0; i < GuardedServer.QUICK.maxConnections(); i++) {
            connect();
        }

        // They are idle, and have to make room within seconds
        HttpResponse<String> answer = server.get("/healthz");

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    private static Duration closedAfter(Socket socket, long beganNs) {
        try {
            while (socket.getInputStream().read() >= 0) {
                // an answer to what came so far
            }
        } catch (IOException reset) {
            // closed as well
        }
        return Duration.ofNanos(System.nanoTime() - beganNs);
    }
}
