package io.unpark.app;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A process that is killed at random moments while it works, and started again each time. What is sent is dealt out over the
 * kills, so that there is something to do at each of them; who sends tries again until it is acknowledged.
 */
final class Soak {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    /** This share of the kills hits a process that starts, the others one that has told that it is ready. */
    private static final double WHILE_STARTING = 0.25;

    private static final int STARTING_MS = 4_000;
    private static final int RUNNING_MS = 2_500;
    private static final long LOOK_EVERY_MS = 20;

    private final Random random;
    private final Victim victim;
    private final Consumer<Kill> told;
    private final List<Kill> kills = new ArrayList<>();
    private final AtomicReference<Throwable> senderFailed = new AtomicReference<>();
    private final CountDownLatch sent = new CountDownLatch(1);
    private final Semaphore allowed = new Semaphore(0);

    /** @param told each kill when it was done */
    Soak(long seed, Victim victim, Consumer<Kill> told) {
        this.random = new Random(seed);
        this.victim = victim;
        this.told = told;
    }

    /** What is killed. */
    interface Victim {
        void start() throws IOException;

        /** Whether it works; asked until it does. */
        boolean isReady();

        /** SIGKILL; it has ended when this returns. */
        void kill();

        /** What it said last, for a failure's message. */
        default String lastWords() {
            return "";
        }

        /** Whether it ended by itself. */
        default boolean hasEnded() {
            return false;
        }
    }

    /**
     * One of the kills.
     *
     * @param readyMs from the start before it until the process worked; -1 when it was killed earlier
     * @param killedMs after the start, or after it was ready
     */
    record Kill(int number, long readyMs, long killedMs) {
        @Override
        public String toString() {
            return readyMs < 0
                    ? String.format(Locale.ROOT, "%4d  %8s  %6d ms after its start", number, "-", killedMs)
                    : String.format(Locale.ROOT, "%4d  %5d ms  %6d ms after it was ready", number, readyMs, killedMs);
        }
    }

    /** Kills so many times; when this returns all is sent and acknowledged, and the process runs. */
    void run(int times, List<Feed.Step> steps) throws IOException, InterruptedException {
        Thread sender = new Thread(() -> sendAll(steps), "soak-sender");
        sender.setDaemon(true);
        sender.start();
        for (int i = 0; i < times; i++) {
            allowed.release(steps.size() * (i + 1) / (times + 1) - steps.size() * i / (times + 1));
            Kill kill = startAndKill(i + 1);
            kills.add(kill);
            told.accept(kill);
        }
        victim.start();
        awaitReady();
        allowed.release(steps.size());
        if (!sent.await(LIMIT.toSeconds(), TimeUnit.SECONDS) || senderFailed.get() != null) {
            throw new AssertionError("not all was acknowledged", senderFailed.get());
        }
    }

    private Kill startAndKill(int number) throws IOException, InterruptedException {
        boolean early = random.nextDouble() < WHILE_STARTING;
        long waitMs = random.nextInt(early ? STARTING_MS : RUNNING_MS);
        victim.start();
        long readyMs = early ? -1 : awaitReady();
        TimeUnit.MILLISECONDS.sleep(waitMs);
        victim.kill();
        return new Kill(number, readyMs, waitMs);
    }

    private long awaitReady() throws InterruptedException {
        long beganNs = System.nanoTime();
        while (!victim.isReady()) {
            if (victim.hasEnded()) {
                throw new AssertionError("it ended by itself: " + victim.lastWords());
            }
            if (System.nanoTime() - beganNs > LIMIT.toNanos()) {
                throw new AssertionError("not ready within " + LIMIT.toSeconds() + " s: " + victim.lastWords());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        }
        return (System.nanoTime() - beganNs) / 1_000_000;
    }

    private void sendAll(List<Feed.Step> steps) {
        try {
            for (Feed.Step step : steps) {
                allowed.acquire();
                sendUntilAcknowledged(step);
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            senderFailed.set(e);
        } finally {
            sent.countDown();
        }
    }

    private static void sendUntilAcknowledged(Feed.Step step) throws InterruptedException {
        while (true) {
            try {
                step.send();
                return;
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS); // it was killed just now
            }
        }
    }

    /** In their order. */
    List<Kill> kills() {
        return List.copyOf(kills);
    }
}
