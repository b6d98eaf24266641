package io.unpark.ingest.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No answer lets a browser do more than it must, errors least of all. */
final class StrictHeadersTest {
    @TempDir
    private Path folder;

    @Test
    void everyAnswerHasThem() throws Exception {
        Path access = folder.resolve("access");
        Files.writeString(access, "");
        try (GuardedServer open = new GuardedServer(WebSecurity.Options.NONE);
                GuardedServer asking = new GuardedServer(GuardedServer.withAccess(access))) {
            requireStrict(open.get("/healthz").headers());
            requireStrict(open.get("/nothing<script>".replace("<", "%3C").replace(">", "%3E"))
                    .headers());
            requireStrict(open.post("/healthz", new byte[3]).headers());
            requireStrict(asking.get("/api/v1/anomalies").headers());
            requireStrict(asking.post("/ingest/v1/trace?service=a", new byte[3]).headers());
        }
    }

    private static void requireStrict(HttpHeaders headers) {
        StrictHeaders.HEADERS.forEach(
                (name, value) -> assertThat(headers.allValues(name)).as(name).containsExactly(value));
    }

    /** What no route and no filter sees: the server itself refuses it. */
    @ParameterizedTest
    @CsvSource({"'GET /<script> HTTP/9.9', 505", "'GET', 400", "'GET / HTTP/1.1\r\nHost: a\r\nHost: b', 400"})
    void soHaveErrorsOfTheServerItself(String request, String status) throws Exception {
        try (GuardedServer server = new GuardedServer(WebSecurity.Options.NONE);
                Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write((request + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 " + status).doesNotContain("<script>");
            assertThat(answer).contains("Content-Security-Policy: default-src 'none'");
        }
    }
}
