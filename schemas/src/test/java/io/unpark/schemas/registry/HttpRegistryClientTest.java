package io.unpark.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.unpark.schemas.record.Instance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a server that says what a real registry rarely does. */
final class HttpRegistryClientTest {
    private static final String SECRET = "s3cret";
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private HttpServer server;

    private record Answer(int status, String body) {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            Answer answer = answers.size() > 1 ? answers.remove() : answers.element();
            byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void credentialsAreSentAndAnswersAreKept() {
        answers.add(new Answer(200, "{\"id\":7}"));
        HttpRegistryClient client = client(url().replace("http://", "http://me:" + SECRET + "@"));

        client.register("a b/c", Instance.getClassSchema());
        int id = client.register("a b/c", Instance.getClassSchema());

        assertThat(id).isEqualTo(7);
        assertThat(requests).containsExactly("POST /subjects/a%20b%2Fc/versions Basic bWU6czNjcmV0");
    }

    @Test
    void aBusyRegistryIsAskedAgain() {
        answers.add(new Answer(503, ""));
        answers.add(new Answer(429, ""));
        answers.add(new Answer(200, "{\"id\":7}"));

        assertThat(client(url()).register("s", Instance.getClassSchema())).isEqualTo(7);
        assertThat(requests).hasSize(3);
    }

    @Test
    void aConflictOfTwoWhoRegisterAtOnceIsNone() {
        answers.add(new Answer(409, "{\"error_code\":409,\"message\":\"it already exists\"}"));
        answers.add(new Answer(200, "{\"id\":7}"));

        assertThat(client(url()).register("s", Instance.getClassSchema())).isEqualTo(7);
        assertThat(requests).containsExactly("POST /subjects/s/versions null", "POST /subjects/s null");
    }

    @Test
    void aRegistryThatStaysAwayIsRetriableAndNotThePoisonOfARecord() {
        answers.add(new Answer(500, "down"));
        var deserializer = new ConfluentAvroDeserializer<>(client(url()), Instance.class);

        assertThatThrownBy(() -> deserializer.deserialize("t", WireFormat.header(7)))
                .isInstanceOf(RegistryUnavailableException.class)
                .isInstanceOf(RetriableException.class)
                .isNotInstanceOf(SerializationException.class)
                .hasMessageContaining(url());
    }

    @Test
    void aRegistryThatNeverAnswersIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort();
            var client = new HttpRegistryClient(RegistryConfig.from(Map.of(
                    RegistryConfig.URL, url.replace("http://", "http://me:" + SECRET + "@"),
                    RegistryConfig.READ_TIMEOUT_MS, "100",
                    RegistryConfig.MAX_RETRIES, "0")));

            assertThatThrownBy(() -> client.schemaOf(1))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("no answer within 100 ms")
                    .hasMessageNotContaining(SECRET);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {\"error_code\":40101,\"message\":\"Unauthorized\"} | 40101",
                "403 | <html>no</html>                                 | 403",
                "302 | ''                                              | 302",
                "200 | <html>welcome</html>                            | 502",
                "200 | {\"schema\":7}                                  | 502"
            })
    void aRefusalIsNotThePoisonOfARecord(int status, String body, int errorCode) {
        answers.add(new Answer(status, body));
        var deserializer = new ConfluentAvroDeserializer<>(client(url()), Instance.class);

        assertThatThrownBy(() -> deserializer.deserialize("t", WireFormat.header(7)))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        refused -> assertThat(refused.errorCode()).isEqualTo(errorCode));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | {\"error_code\":40403}                                                 | no schema with id 7",
                "200 | {\"schemaType\":\"PROTOBUF\",\"schema\":\"x\"}                         | PROTOBUF",
                "200 | {\"schema\":\"x\",\"references\":[{\"name\":\"n\"}]}                   | self-contained",
                "200 | {\"schema\":\"{\"}                                                     | cannot be parsed"
            })
    void aSchemaThatCannotBeUsedIsThePoisonOfItsRecord(int status, String body, String message) {
        answers.add(new Answer(status, body));
        var deserializer = new ConfluentAvroDeserializer<>(client(url()), Instance.class);

        assertThatThrownBy(() -> deserializer.deserialize("t", WireFormat.header(7)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anAnswerWithoutEndIsCutOff() {
        answers.add(new Answer(200, " ".repeat(5 << 20)));

        assertThatThrownBy(() -> client(url()).schemaOf(1))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("more than");
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static HttpRegistryClient client(String url) {
        return new HttpRegistryClient(RegistryConfig.from(
                Map.of(RegistryConfig.URL, url, RegistryConfig.MAX_RETRIES, "2", RegistryConfig.RETRY_WAIT_MS, "1")));
    }
}
