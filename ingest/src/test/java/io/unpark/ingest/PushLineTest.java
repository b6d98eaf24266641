package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unpark.ingest.security.PushClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PushLineTest {
    private static final PushClient ORDERS = new PushClient("orders", 2);
    private static final PushClient STOCK = new PushClient("stock", 2);
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void whoWaitsIsCalledInTurn() {
        // Given: all places are taken, and two wait
        PushLine line = line(2, 8, LONG);
        assertThat(line.ask(ORDERS).join()).isTrue();
        assertThat(line.ask(ORDERS).join()).isTrue();
        CompletableFuture<Boolean> first = line.ask(STOCK);
        CompletableFuture<Boolean> second = line.ask(STOCK);

        // When
        line.leave(ORDERS);

        // Then
        assertThat(first).isCompletedWithValue(true);
        assertThat(second).isNotDone();
        assertThat(line.waiting()).isEqualTo(1);
        line.leave(ORDERS);
        assertThat(second).isCompletedWithValue(true);
        assertThat(line.running()).isEqualTo(2);
    }

    @Test
    void aClientWithItsShareIsPassedByOthers() {
        // Given: one client has as many as it may, though there is room
        PushLine line = line(8, 8, LONG);
        line.ask(ORDERS);
        line.ask(ORDERS);
        CompletableFuture<Boolean> third = line.ask(ORDERS);

        // When
        CompletableFuture<Boolean> other = line.ask(STOCK);

        // Then
        assertThat(third).isNotDone();
        assertThat(other).isCompletedWithValue(true);
        line.leave(STOCK);
        assertThat(third).isNotDone();
        line.leave(ORDERS);
        assertThat(third).isCompletedWithValue(true);
    }

    @Test
    void oneClientCannotHaveAllPlacesToWaitIn() {
        // Given: four places to wait in
        PushLine line = line(1, 4, LONG);
        line.ask(ORDERS);
        line.ask(ORDERS);
        line.ask(ORDERS);

        // Then: the third that would wait is one too many of this client, not of another
        assertThat(line.ask(ORDERS)).isCompletedWithValue(false);
        assertThat(line.ask(STOCK)).isNotDone();
        assertThat(line.ask(STOCK)).isNotDone();
        assertThat(line.ask(new PushClient("third", 1))).isCompletedWithValue(false);
        assertThat(line.waiting()).isEqualTo(4);
    }

    @Test
    void nobodyWaitsForLongerThanTheLimit() {
        // Given
        PushLine line = line(1, 4, Duration.ofMillis(20));
        line.ask(ORDERS);

        // When
        CompletableFuture<Boolean> called = line.ask(ORDERS);

        // Then: its place in the line is free again, and nobody's place is lost
        assertThat(called.join()).isFalse();
        await().untilAsserted(() -> assertThat(line.waiting()).isZero());
        line.leave(ORDERS);
        assertThat(line.running()).isZero();
        assertThat(line.ask(STOCK)).isCompletedWithValue(true);
    }

    @Test
    void howeverTheyComeAndGoNoPlaceIsLostOrGivenTwice() throws Exception {
        // Given: threads that push as often as they can, with waits that often end just then
        PushLine line = line(3, 6, Duration.ofMillis(1));
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Random random = new Random(i);
            PushClient client = new PushClient("client-" + i % 3, 2);
            all.add(threads.submit(() -> {
                for (int n = 0; n < 2_000; n++) {
                    if (line.ask(client).join()) {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        if (random.nextInt(8) == 0) {
                            Thread.yield();
                        }
                        running.decrementAndGet();
                        line.leave(client);
                    }
                }
            }));
        }

        // When
        for (Future<?> one : all) {
            one.get();
        }
        threads.shutdown();

        // Then
        assertThat(most.get()).isBetween(1, 3);
        assertThat(line.running()).isZero();
        assertThat(line.waiting()).isZero();
    }

    private static PushLine line(int running, int waiting, Duration wait) {
        IngestLimits all = IngestLimits.DEFAULT;
        return new PushLine(new IngestLimits(
                all.body(),
                running,
                waiting,
                wait,
                all.trace(),
                all.raceLog(),
                all.maxReportsPerPush(),
                all.deadLetterQuotaBytes(),
                all.maxDeadLetterBytes()));
    }
}
