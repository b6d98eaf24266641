package io.unpark.ingest.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.unpark.ingest.outgoing.Credentials;
import io.unpark.ingest.outgoing.HttpAccess;
import io.unpark.ingest.outgoing.Secret;
import io.unpark.ingest.outgoing.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpTargetsTest {
    @TempDir
    private Path folder;

    private HttpServer server;
    private volatile int status = 200;
    private volatile String type = "application/json; charset=utf-8";
    private volatile String body = "[{\"targets\": [\"one:1\"], \"labels\": {\"service\": \"orders\"}}]";
    private volatile String authorization;
    private volatile String interval;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 10);
        server.createContext("/", exchange -> {
            authorization = exchange.getRequestHeaders().getFirst("Authorization");
            interval = exchange.getRequestHeaders().getFirst("X-Prometheus-Refresh-Interval-Seconds");
            exchange.getResponseHeaders().add("Content-Type", type);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private HttpTargets targets(Credentials credentials) {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/targets?secret=1");
        return new HttpTargets(
                uri, new HttpAccess(credentials, TlsFiles.NONE, Duration.ofSeconds(5)), Duration.ofSeconds(30));
    }

    @Test
    void targetsAreTold() throws IOException {
        HttpTargets targets = targets(Credentials.NONE);

        assertThat(targets.refresh())
                .singleElement()
                .satisfies(group -> assertThat(group.targets()).containsExactly("one:1"));
        assertThat(interval).isEqualTo("30");
        assertThat(authorization).isNull();
        assertThat(targets.name()).doesNotContain("secret");
    }

    @Test
    void aFailingServerLeavesItsLastTargetsInForce() throws IOException {
        // Given
        HttpTargets targets = targets(Credentials.NONE);
        targets.refresh();

        // When it fails in all the ways there are
        status = 500;
        assertThatThrownBy(targets::refresh).hasMessageContaining("500");
        status = 200;
        type = "text/html";
        assertThatThrownBy(targets::refresh).hasMessageContaining("application/json");
        type = "application/json";
        body = "<html>";
        assertThatThrownBy(targets::refresh).hasMessageContaining("not JSON");
        server.stop(0);
        assertThatThrownBy(targets::refresh).hasMessageContaining("no answer");

        // Then
        assertThat(targets.known())
                .singleElement()
                .satisfies(group -> assertThat(group.targets()).containsExactly("one:1"));
    }

    @Test
    void anEmptyListTakesAllAway() throws IOException {
        HttpTargets targets = targets(Credentials.NONE);
        targets.refresh();

        body = "[]";

        assertThat(targets.refresh()).isEmpty();
        assertThat(targets.known()).isEmpty();
    }

    @Test
    void aSecretIsReadFromItsFileEachTime() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("token"), "first\n");
        HttpTargets targets = targets(Credentials.token("Bearer", Secret.ofFile(file)));
        targets.refresh();
        assertThat(authorization).isEqualTo("Bearer first");

        // When it is rotated, then the new one goes out
        Files.writeString(file, "second");
        targets.refresh();
        assertThat(authorization).isEqualTo("Bearer second");

        // And when it is gone, its name is told, not its content
        Files.delete(file);
        assertThatThrownBy(targets::refresh)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("no such file");
    }

    @Test
    void basicCredentialsAreEncoded() throws IOException {
        targets(Credentials.basic("me", Secret.of("pä:ss"))).refresh();

        assertThat(authorization).isEqualTo("Basic bWU6cMOkOnNz");
    }
}
