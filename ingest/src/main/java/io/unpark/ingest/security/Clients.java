package io.unpark.ingest.security;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** What each client has used of its limits. The least recently seen idle client is forgotten at a limit. Thread-safe. */
final class Clients {
    private static final int MAX_CLIENTS = 10_000;
    private static final int FAILURES_PER_SECOND = 1;
    private static final int FAILURE_BURST = 30;

    private final ClientLimits limits;
    private final LongSupplier nanoTime;
    private final LinkedHashMap<String, Client> clients = new LinkedHashMap<>(64, 0.75f, true);

    Clients(ClientLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /** The answer to a client that wants to push: go on when {@link #retryAfterSeconds} is 0. */
    record Verdict(int retryAfterSeconds, String why) {
        static final Verdict GO_ON = new Verdict(0, "");
    }

    private final class Client {
        private final Bucket pushes =
                new Bucket(limits.pushesPerSecond(), (long) limits.pushesPerSecond() * ClientLimits.PUSH_BURST_SECONDS);
        private final Bucket bytes =
                new Bucket(limits.bytesPerSecond(), limits.bytesPerSecond() * ClientLimits.BYTE_BURST_SECONDS);
        private final Bucket failures = new Bucket(FAILURES_PER_SECOND, FAILURE_BURST);
        private int running;
    }

    /** Fills at a rate up to what it holds; may be overdrawn, as the size of a body is known when it was read. */
    private final class Bucket {
        private final double perNano;
        private final double most;
        private double left;
        private long filledNs = nanoTime.getAsLong();

        private Bucket(long perSecond, long most) {
            this.perNano = perSecond / 1e9;
            this.most = most;
            this.left = most;
        }

        private double left() {
            long now = nanoTime.getAsLong();
            left = Math.min(most, left + (now - filledNs) * perNano);
            filledNs = now;
            return left;
        }

        private void take(double amount) {
            left = left() - amount;
        }

        private int secondsUntil(double amount) {
            return (int) Math.min(60, Math.max(1, Math.ceil((amount - left()) / perNano / 1e9)));
        }
    }

    /** One more push, unless the client pushes too often or too much; {@link #end} must follow when it may go on. */
    synchronized Verdict begin(String name) {
        Client client = client(name);
        if (client.pushes.left() < 1) {
            return new Verdict(
                    client.pushes.secondsUntil(1),
                    "this client pushes more than " + limits.pushesPerSecond() + " times a second");
        }
        if (client.bytes.left() < 0) {
            return new Verdict(
                    client.bytes.secondsUntil(0),
                    "this client pushes more than " + limits.bytesPerSecond() + " bytes a second");
        }
        client.pushes.take(1);
        client.running++;
        return Verdict.GO_ON;
    }

    /** The push that was begun is over. */
    synchronized void end(String name, long bytes) {
        Client client = client(name);
        client.bytes.take(bytes);
        client.running = Math.max(0, client.running - 1);
    }

    /** Whether an address has shown so many bad tokens that no more are looked at for now. */
    synchronized boolean triesTooMuch(String address) {
        return client(address).failures.left() < 1;
    }

    synchronized void failed(String address) {
        client(address).failures.take(1);
    }

    private Client client(String name) {
        Client known = clients.computeIfAbsent(name, it -> new Client());
        if (clients.size() > MAX_CLIENTS) {
            forgetOne();
        }
        return known;
    }

    private void forgetOne() {
        for (Map.Entry<String, Client> oldest : clients.entrySet()) {
            if (oldest.getValue().running == 0) {
                clients.remove(oldest.getKey());
                return;
            }
        }
    }
}
