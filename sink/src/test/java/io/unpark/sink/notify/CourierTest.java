package io.unpark.sink.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unpark.sink.store.AnomalyRow;
import io.unpark.sink.store.NoticeDrop;
import io.unpark.sink.store.jdbc.TestDatabase;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Webhooks to a receiver that fails in every way. */
@ParameterizedClass(name = "{0}")
@MethodSource("databases")
class CourierTest {
    private static final long BACKOFF_MAX_MS = 300_000;
    private static final long HALF_AN_HOUR_MS = 1_800_000;

    static Stream<TestDatabase> databases() {
        return TestDatabase.all();
    }

    @Parameter
    TestDatabase database;

    private FakeReceiver receiver;
    private Told told;
    private Courier courier;

    @BeforeEach
    void open() throws IOException {
        receiver = new FakeReceiver();
        told = new Told(database.empty(), """
                external_url: https://unpark.example.org/
                group_wait: 5s
                queue: {max_attempts: 4}
                receivers:
                  - {name: ops, type: webhook, url: '%s', secret_env: KEY, token_env: TOKEN, timeout: 5s}
                """.formatted(receiver.url()));
        courier = told.courier();
    }

    @AfterEach
    void close() {
        told.close();
        receiver.close();
    }

    @Test
    void changesOfOneServiceGoTogetherAndSigned() throws Exception {
        // Given three changes of two services
        told.write(told.anomaly("a", "orders", "warning"), told.anomaly("b", "payment", "warning"));
        told.write(told.anomaly("a", "orders", "critical"));
        assertThat(courier.step()).as("others may follow").isPositive();
        assertThat(receiver.got()).isEmpty();

        // When
        told.pass(5_000);
        courier.step();
        courier.step();
        courier.step();

        // Then
        assertThat(receiver.taken())
                .extracting(FakeReceiver.Got::changes)
                .containsExactly(List.of("opened a", "severity_raised a"), List.of("opened b"));
        FakeReceiver.Got first = receiver.taken().get(0);
        assertThat(first.timestamp()).isEqualTo(String.valueOf((Told.START_MS + 5_000) / 1_000));
        assertThat(first.signature())
                .isEqualTo(Signature.of("a key of 24 characters..", Long.parseLong(first.timestamp()), first.body()));
        assertThat(first.authorization()).isEqualTo("Bearer t0ken");
        assertThat(first.json().at("/group/service").asText()).isEqualTo("orders");
        assertThat(first.json().at("/notifications/0/url").asText())
                .isEqualTo("https://unpark.example.org/#/anomaly/a");
        assertThat(first.json().at("/notifications/1/severity_before").asText()).isEqualTo("warning");
        assertThat(first.json().at("/notifications/0/anomaly").has("evidence")).isFalse();
        assertThat(told.state().sent()).isEqualTo(3);
        assertThat(told.state().pending()).isZero();
    }

    @Test
    void whatFailsIsSentAgainTheSame() throws Exception {
        // Given
        receiver.answer(FakeReceiver.status(500), FakeReceiver.broken(), receiver.never());
        told.write(told.anomaly("a", "orders", "warning"));
        told.pass(5_000);

        // When it fails three times, and another change comes meanwhile
        for (int i = 0; i < 3; i++) {
            courier.step();
            assertThat(told.state().failures()).isEqualTo(i + 1);
            assertThat(courier.step()).as("not yet").isPositive();
            told.write(told.anomaly("b", "orders", "warning"));
            told.pass(BACKOFF_MAX_MS);
        }
        courier.step();
        courier.step();

        // Then
        assertThat(receiver.got()).hasSize(5);
        assertThat(receiver.got().subList(0, 4))
                .extracting(FakeReceiver.Got::key)
                .containsOnly(receiver.got().get(0).key());
        assertThat(receiver.got().subList(0, 4))
                .allSatisfy(got ->
                        assertThat(got.body()).isEqualTo(receiver.got().get(0).body()));
        assertThat(receiver.taken())
                .extracting(FakeReceiver.Got::changes)
                .containsExactly(List.of("opened a"), List.of("opened b"));
        assertThat(told.state().failed()).isEqualTo(3);
        assertThat(told.state().failures()).isZero();
    }

    @Test
    void theReceiverSaysWhenToComeBack() throws Exception {
        receiver.answer(FakeReceiver.status(429, "Retry-After", "120"));
        told.write(told.anomaly("a", "orders", "warning"));
        told.pass(5_000);
        courier.step();

        assertThat(told.state().lastError()).contains("429").doesNotContain("\u001b");
        assertThat(told.state().nextAttemptMs()).isEqualTo(told.millis() + 120_000);
        told.pass(119_999);
        assertThat(courier.step()).isEqualTo(1);
        told.pass(1);
        courier.step();

        assertThat(receiver.taken()).hasSize(1);
    }

    @Test
    void noRedirectIsFollowed() throws Exception {
        try (FakeReceiver other = new FakeReceiver()) {
            receiver.answer(FakeReceiver.status(307, "Location", other.url()));
            told.write(told.anomaly("a", "orders", "warning"));
            told.pass(5_000);

            courier.step();

            assertThat(other.got()).isEmpty();
            assertThat(told.state().lastError()).contains("307");
        }
    }

    @Test
    void whatIsRefusedCostsItselfOnly() throws Exception {
        receiver.answer(FakeReceiver.status(400), FakeReceiver.status(400));
        told.write(told.anomaly("a", "orders", "warning"), told.anomaly("b", "orders", "warning"));
        told.pass(5_000);

        for (int i = 0; i < 4; i++) {
            courier.step();
        }

        assertThat(receiver.taken()).extracting(FakeReceiver.Got::changes).containsExactly(List.of("opened b"));
        assertThat(receiver.taken().get(0).json().path("dropped").asLong()).isEqualTo(1);
        assertThat(told.state().dropped()).containsEntry(NoticeDrop.REFUSED, 1L);
        assertThat(told.state().dropsUntold()).isZero();
    }

    @Test
    void whatFailsTooOftenIsDroppedAndCounted() throws Exception {
        receiver.answer(
                IntStream.range(0, 4).mapToObj(i -> FakeReceiver.status(503)).toArray(FakeReceiver.Answer[]::new));
        told.write(told.anomaly("a", "orders", "warning"));
        for (int i = 0; i < 4; i++) {
            told.pass(BACKOFF_MAX_MS);
            courier.step();
        }

        assertThat(told.state().dropped()).containsEntry(NoticeDrop.ATTEMPTS, 1L);
        assertThat(told.state().pending()).isZero();
    }

    @Test
    void aReceiverAwayForADayLosesNothingWithinTheBounds() throws Exception {
        // Given a day of changes, and of attempts every half an hour
        int port = receiver.port();
        receiver.close();
        try (Told patient = new Told(database.empty(), """
                receivers: [{name: ops, type: webhook, url: 'http://127.0.0.1:%d/', unsigned: true, timeout: 1s}]
                """.formatted(port))) {
            Courier away = patient.courier();
            for (int i = 0; i < 48; i++) {
                patient.write(patient.anomaly("a" + i, "orders", "warning"));
                patient.pass(HALF_AN_HOUR_MS);
                away.step();
                patient.storage
                        .notices()
                        .dropOlder(patient.millis() - patient.config.ageMax().toMillis());
            }
            assertThat(patient.state().pending()).isEqualTo(48);
            assertThat(patient.state().failures()).isEqualTo(48);

            // When
            receiver = new FakeReceiver(port);
            patient.pass(BACKOFF_MAX_MS);
            while (patient.state().pending() > 0) {
                away.step();
            }

            // Then
            assertThat(receiver.taken().stream().flatMap(it -> it.changes().stream()))
                    .containsExactly(
                            IntStream.range(0, 48).mapToObj(i -> "opened a" + i).toArray(String[]::new));
        }
    }

    @Test
    void anotherSinkGoesOnWithTheSameMessage() throws Exception {
        // Given one that is killed after it sent a message and before it wrote that down
        receiver.answer(receiver.never());
        told.write(told.anomaly("a", "orders", "warning"));
        told.pass(5_000);
        Thread killed = new Thread(() -> {
            try {
                courier.step();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        killed.start();
        await().until(() -> receiver.got().size() == 1);
        killed.interrupt();
        killed.join();
        Courier other = told.courier();
        assertThat(other.step()).as("the first may live yet").isPositive();
        assertThat(receiver.got()).hasSize(1);

        // When
        told.pass(20_000);
        other.step();

        // Then
        assertThat(receiver.got())
                .extracting(FakeReceiver.Got::key)
                .hasSize(2)
                .containsOnly(receiver.got().get(0).key());
        assertThat(receiver.taken()).extracting(FakeReceiver.Got::changes).containsExactly(List.of("opened a"));
    }

    @Test
    void severalSinksSendEachNoticeOnce() throws Exception {
        // Given
        AnomalyRow[] rows = IntStream.range(0, 300)
                .mapToObj(i -> told.anomaly("a" + i, "service-" + i % 7, "warning"))
                .toArray(AnomalyRow[]::new);
        told.write(rows);
        told.pass(5_000);

        // When
        List<Thread> sinks = IntStream.range(0, 3)
                .mapToObj(i -> new Thread(() -> sendAll(told.courier())))
                .toList();
        sinks.forEach(Thread::start);
        for (Thread sink : sinks) {
            sink.join();
        }

        // Then
        assertThat(receiver.taken().stream().flatMap(it -> it.changes().stream()))
                .hasSize(300)
                .doesNotHaveDuplicates();
    }

    private void sendAll(Courier one) {
        try {
            while (told.state().pending() > 0) {
                one.step();
                one.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
