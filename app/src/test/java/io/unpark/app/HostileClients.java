package io.unpark.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;

/** Clients that mean no good, some with a token and some without. */
final class HostileClients {
    private static final int SLOW = 200;
    private static final int THREADS = 8;
    private static final int BOMBS = 40;
    private static final int PER_SECOND = 350;
    private static final Duration SLOW_FOR = Duration.ofSeconds(15);

    private final int port;
    private final String token;
    private final int malformed;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Integer> answers = new ConcurrentSkipListMap<>();
    private long tookMs;
    private int slowClosed;

    HostileClients(int port, String token, int malformed) {
        this.port = port;
        this.token = token;
        this.malformed = malformed;
    }

    /** All of it; ends by itself. */
    void attack() throws Exception {
        long beganNs = System.nanoTime();
        List<Socket> slow = slowClients();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        AtomicInteger number = new AtomicInteger();
        byte[] bomb = bomb();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(i);
            threads.execute(() -> {
                for (int n = number.getAndIncrement(); n < malformed; n = number.getAndIncrement()) {
                    pace(beganNs, n);
                    push("malformed", "trace", "Bearer " + (n % 10 == 0 ? "unpark_nobody" : token), malformed(random));
                }
            });
        }
        for (int i = 0; i < BOMBS; i++) {
            threads.execute(() -> {
                push("bomb", "trace", "Bearer " + token, bomb);
                push("bomb", "race", "Bearer " + token, bomb);
                oversized();
            });
        }
        threads.shutdown();
        boolean done = threads.awaitTermination(5, TimeUnit.MINUTES);
        slowClosed = drip(slow);
        tookMs = (System.nanoTime() - beganNs) / 1_000_000;
        if (!done) {
            throw new AssertionError("the attack did not end: " + answers);
        }
    }

    /** Slow enough for what one client may push, so that nearly all are read. */
    private static void pace(long beganNs, int number) {
        long dueNs = beganNs + number * (1_000_000_000L / PER_SECOND);
        LockSupport.parkNanos(Math.max(0, dueNs - System.nanoTime()));
    }

    String report() {
        return "hostile clients, " + tookMs / 1000 + " s: " + new TreeMap<>(answers) + "; of " + SLOW
                + " slow connections " + slowClosed + " were closed";
    }

    private void push(String kind, String route, String authorization, byte[] body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(
                            "http://127.0.0.1:" + port + "/ingest/v1/" + route + "?service=other&instance=evil"))
                    .header("Authorization", authorization)
                    .timeout(Duration.ofSeconds(60))
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();
            count(kind + " " + client.send(request, BodyHandlers.discarding()).statusCode());
        } catch (IOException e) {
            count(kind + " connection closed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void count(String what) {
        answers.merge(what, 1, Integer::sum);
    }

    private static byte[] malformed(Random random) {
        byte[] trace = SmallTrace.healthy();
        switch (random.nextInt(4)) {
            case 0 -> random.nextBytes(trace);
            case 1 -> trace = Arrays.copyOf(trace, random.nextInt(trace.length));
            case 2 -> trace[random.nextInt(trace.length)] ^= (byte) (1 << random.nextInt(8));
            default -> Arrays.fill(trace, 16 + random.nextInt(50), trace.length, (byte) 0xff);
        }
        return trace;
    }

    private static byte[] bomb() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(SmallTrace.healthy());
            byte[] nothing = new byte[1 << 20];
            for (int i = 0; i < 500; i++) {
                out.write(nothing);
            }
        }
        return packed.toByteArray();
    }

    /** Says that two gigabytes follow, and begins to send them. */
    private void oversized() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write(header("Content-Length: 2147483648\r\n"));
            out.write(Arrays.copyOf(SmallTrace.healthy(), 64 << 10));
            byte[] answer = socket.getInputStream().readNBytes(12);
            count("oversized "
                    + (answer.length < 12 ? "connection closed" : new String(answer, 9, 3, StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            count("oversized connection closed");
        }
    }

    private byte[] header(String more) {
        return ("POST /ingest/v1/trace?service=other HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n"
                        + more + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private List<Socket> slowClients() throws IOException {
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < SLOW; i++) {
            Socket socket = new Socket("127.0.0.1", port);
            socket.getOutputStream()
                    .write(i % 2 == 0 ? header("Content-Length: 100000\r\n") : new byte[] {'G', 'E', 'T'});
            slow.add(socket);
        }
        return slow;
    }

    /** A byte a second each, until most are closed or the time is over. */
    private static int drip(List<Socket> slow) throws InterruptedException, IOException {
        int closed = 0;
        List<Socket> open = new ArrayList<>(slow);
        for (long until = System.nanoTime() + SLOW_FOR.toNanos(); System.nanoTime() < until && !open.isEmpty(); ) {
            TimeUnit.SECONDS.sleep(1);
            for (Socket socket : List.copyOf(open)) {
                try {
                    socket.getOutputStream().write('x');
                } catch (IOException gone) {
                    closed++;
                    open.remove(socket);
                }
            }
        }
        for (Socket socket : slow) {
            socket.close();
        }
        return closed;
    }
}
