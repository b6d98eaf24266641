package io.unpark.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.schemas.registry.HttpRegistryClient;
import io.unpark.schemas.registry.RegisteredSchema;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.RegistryUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(SharedBroker.class)
final class EmbeddedRegistryTest extends RegistryServerContract {
    private static String bootstrap;
    private static EmbeddedRegistry running;

    @BeforeAll
    static void start(EmbeddedKafka kafka) throws IOException {
        bootstrap = kafka.bootstrap();
        running = EmbeddedRegistry.start(bootstrap, 0);
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @Override
    String url() {
        return running.url();
    }

    @Test
    void idsAndVersionsAreTheSameAfterARestart() throws IOException {
        // Given two versions, registered before a restart
        int first = registry().register(subject, V1);
        RegisteredSchema latest = new RegisteredSchema(subject, registry().register(subject, V2), 2, V2);

        // When
        running.close();
        running = EmbeddedRegistry.start(bootstrap, 0);

        // Then
        assertThat(registry().schemaOf(first)).isEqualTo(V1);
        assertThat(registry().latest(subject)).isEqualTo(latest);
        assertThat(registry().register(subject, V1)).isEqualTo(first);
        assertThat(registry()
                        .register(
                                subject + "new",
                                SchemaBuilder.fixed("F" + first).size(first)))
                .isGreaterThan(latest.id());
    }

    @Test
    void registrationsAtOnceMakeOneVersion() {
        List<CompletableFuture<Integer>> all = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> registry().register(subject, V1)))
                .toList();

        assertThat(all.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        assertThat(registry().latest(subject).version()).isEqualTo(1);
    }

    /** Codes of Confluent's API, for clients that are not ours. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | /                               |                                  | 200 | {}",
                "GET  | /config                         |                                  | 200 | BACKWARD",
                "GET  | /schemas/types                  |                                  | 200 | AVRO",
                "GET  | /schemas/ids/999999             |                                  | 404 | 40403",
                "GET  | /schemas/ids/x                  |                                  | 404 | 40403",
                "GET  | /subjects/none/versions/latest  |                                  | 404 | 40401",
                "GET  | /subjects/none/versions         |                                  | 404 | 40401",
                "POST | /subjects/none                  | {\"schema\":\"\\\"int\\\"\"}     | 404 | 40401",
                "POST | /subjects/s/versions            | {\"schema\":\"{\"}                | 422 | 42201",
                "POST | /subjects/s/versions            | {\"schema\":7}                    | 422 | 42201",
                "POST | /subjects/s/versions            | {\"schemaType\":\"PROTOBUF\",\"schema\":\"x\"} | 422 | 42201",
                "POST | /subjects/s/versions            | nonsense                          | 400 | 400",
                "GET  | /nothing                        |                                  | 404 | 404",
                "DELETE | /subjects                     |                                  | 405 | 405"
            })
    void answersAreConfluents(String method, String path, String body, int status, String contains) throws Exception {
        HttpResponse<String> answer = send(method, path, body == null ? "" : body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(contains == null ? "" : contains);
    }

    @Test
    void versionsAreListed() throws Exception {
        String name = "listed-" + UUID.randomUUID();
        registry().register(name, V1);
        registry().register(name, V2);

        assertThat(send("GET", "/subjects", "").body()).contains(name);
        assertThat(send("GET", "/subjects/" + name + "/versions", "").body()).isEqualTo("[1,2]");
        assertThat(send("GET", "/subjects/" + name + "/versions/1", "").body()).contains("\"version\":1");
        assertThat(send("GET", "/subjects/" + name + "/versions/3", "").body()).contains("40402");
        assertThat(send("GET", "/subjects/" + name + "/versions/x", "").body()).contains("42202");
    }

    @Test
    void aSchemaNestedWithoutEndIsRefused() throws Exception {
        String deep = "{\\\"type\\\":\\\"array\\\",\\\"items\\\":".repeat(20_000);

        HttpResponse<String> answer = send("POST", "/subjects/s/versions", "{\"schema\":\"" + deep + "\"}");

        assertThat(answer.statusCode()).isEqualTo(422);
    }

    @Test
    void anOversizedRequestIsRefused() throws Exception {
        HttpResponse<String> answer = send("POST", "/subjects/s/versions", " ".repeat(3 * 1024 * 1024));

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void aStoppedRegistryIsUnavailableAndASecondAddressIsTried() throws IOException {
        EmbeddedRegistry stopped = EmbeddedRegistry.start(bootstrap, 0);
        stopped.close();
        Map<String, String> noRetries = Map.of(RegistryConfig.URL, stopped.url(), RegistryConfig.MAX_RETRIES, "0");
        RegistryConfig both = RegistryConfig.of(stopped.url() + "," + running.url());

        assertThatThrownBy(() -> new HttpRegistryClient(RegistryConfig.from(noRetries)).register(subject, V1))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining(stopped.url());
        assertThat(new HttpRegistryClient(both).register(subject, V1)).isPositive();
    }

    private static HttpResponse<String> send(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(running.url() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        // A connection of its own: the one before may have been closed over an oversized request.
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
