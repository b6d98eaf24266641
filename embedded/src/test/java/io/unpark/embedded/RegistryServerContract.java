package io.unpark.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceReport;
import io.unpark.schemas.registry.HttpRegistryClient;
import io.unpark.schemas.registry.RegistryClient;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.RegistryException;
import io.unpark.schemas.registry.RegistryUnavailableException;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.testkit.Certificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the client relies on, of a registry behind an address: guarded, kept in mind, and away for a while. */
abstract class RegistryServerContract extends RegistryContract {
    private static final String USER = "unpark";
    private static final String PASSWORD = "s3cret";

    @TempDir
    private static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() throws IOException, InterruptedException {
        certificates = Certificates.make(folder);
    }

    /** Of the registry; Confluent's API begins below it. */
    abstract String url();

    @Override
    RegistryClient registry() {
        return new HttpRegistryClient(RegistryConfig.of(url()));
    }

    private RegistryGateway gateway() throws IOException {
        return RegistryGateway.start(url(), 0, certificates, USER + ":" + PASSWORD);
    }

    private static Map<String, Object> settings(String url, String password) {
        return new HashMap<>(Map.of(
                RegistryConfig.URL,
                url,
                RegistryConfig.CREDENTIALS_SOURCE,
                "USER_INFO",
                RegistryConfig.USER_INFO,
                USER + ":" + password,
                RegistryConfig.MAX_RETRIES,
                "1",
                RegistryConfig.RETRY_WAIT_MS,
                "1",
                "schema.registry.ssl.truststore.type",
                "PEM",
                "schema.registry.ssl.truststore.location",
                certificates.certificateFile().toString()));
    }

    private static TopicSerdes serdes(String url) {
        return TopicSerdes.of(RegistryConfig.from(settings(url, PASSWORD)));
    }

    private static RaceReport report() {
        return RaceReport.newBuilder()
                .setId("r")
                .setInstance(new Instance("shop", "orders", "orders-1", "v1"))
                .setReportedUnixNs(7)
                .setAccesses(List.of())
                .setText("WARNING: DATA RACE")
                .build();
    }

    @Test
    void recordsGoThroughTlsAndAPassword() throws IOException {
        try (RegistryGateway gateway = gateway()) {
            byte[] bytes = serdes(gateway.url())
                    .value(Topics.RACE_REPORTS)
                    .serializer()
                    .serialize(subject, report());

            assertThat(serdes(gateway.url())
                            .value(Topics.RACE_REPORTS)
                            .deserializer()
                            .deserialize(subject, bytes))
                    .isEqualTo(report());
        }
    }

    @Test
    void aWrongPasswordIsRefusedAndAnUnknownAuthorityIsNotTrusted() throws IOException {
        try (RegistryGateway gateway = gateway()) {
            assertThatThrownBy(() -> new HttpRegistryClient(RegistryConfig.from(settings(gateway.url(), "wrong")))
                            .register(subject, V1))
                    .isInstanceOfSatisfying(
                            RegistryException.class,
                            refused -> assertThat(refused.errorCode()).isEqualTo(401))
                    .hasMessageNotContaining("wrong");

            Map<String, Object> withoutTrust = settings(gateway.url(), PASSWORD);
            withoutTrust.keySet().removeIf(name -> name.contains(".ssl."));
            assertThatThrownBy(() -> new HttpRegistryClient(RegistryConfig.from(withoutTrust)).register(subject, V1))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("certif");
        }
    }

    @Test
    void aTrustStoreThatIsNotThereIsSaid() {
        Map<String, Object> settings = settings("https://127.0.0.1:1", PASSWORD);
        settings.put("schema.registry.ssl.truststore.location", "/nowhere/ca.pem");

        assertThatThrownBy(() -> RegistryConfig.from(settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("/nowhere/ca.pem")
                .hasMessageNotContaining(PASSWORD);
    }

    @Test
    void whatIsKnownIsNotAskedAgain() throws IOException {
        try (RegistryGateway gateway = gateway()) {
            TopicSerdes serdes = serdes(gateway.url());
            for (int i = 0; i < 100; i++) {
                byte[] bytes = serdes.value(Topics.RACE_REPORTS).serializer().serialize(subject, report());
                serdes.value(Topics.RACE_REPORTS).deserializer().deserialize(subject, bytes);
            }

            assertThat(gateway.requests()).isEqualTo(2); // the id, and its schema
        }
    }

    @Test
    void aRegistryThatIsAwayAtTheStartOrInFlightIsAwaited() throws IOException {
        RegistryGateway first = gateway();
        int port = first.port();
        TopicSerdes known = serdes(first.url());
        byte[] bytes = known.value(Topics.RACE_REPORTS).serializer().serialize(subject, report());
        known.value(Topics.RACE_REPORTS).deserializer().deserialize(subject, bytes);

        first.close();
        TopicSerdes fresh = serdes(first.url());

        // What was asked before is known; what is new has to wait, and nothing is said about the record.
        assertThat(known.value(Topics.RACE_REPORTS).serializer().serialize(subject, report()))
                .isEqualTo(bytes);
        assertThat(known.value(Topics.RACE_REPORTS).deserializer().deserialize(subject, bytes))
                .isEqualTo(report());
        assertThatThrownBy(() -> fresh.value(Topics.RACE_REPORTS).deserializer().deserialize(subject, bytes))
                .isInstanceOf(RegistryUnavailableException.class);
        assertThatThrownBy(() -> fresh.value(Topics.RACE_REPORTS).serializer().serialize(subject, report()))
                .isInstanceOf(RegistryUnavailableException.class);

        try (RegistryGateway again = RegistryGateway.start(url(), port, certificates, USER + ":" + PASSWORD)) {
            assertThat(fresh.value(Topics.RACE_REPORTS).deserializer().deserialize(subject, bytes))
                    .isEqualTo(report());
            assertThat(again.requests()).isPositive();
        }
    }

    @Test
    void registrationsAtOnceGiveOneIdPerSchema() {
        List<CompletableFuture<Integer>> sameSchema = new ArrayList<>();
        List<CompletableFuture<Integer>> ownSchema = new ArrayList<>();
        String unique = "S" + UUID.randomUUID().toString().replace("-", "");
        for (int i = 0; i < 8; i++) {
            int number = i;
            sameSchema.add(CompletableFuture.supplyAsync(() -> registry().register(subject, V1)));
            ownSchema.add(CompletableFuture.supplyAsync(() -> registry()
                    .register(
                            subject + number,
                            SchemaBuilder.record(unique + number).fields().endRecord())));
        }

        assertThat(sameSchema.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        assertThat(ownSchema.stream().map(CompletableFuture::join).distinct()).hasSize(8);
    }
}
