package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.unpark.app.remote.AnomalyApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server may answer; the real one is asked in {@link PipelineTest}. */
class AnomaliesVerbTest {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile int status = 200;
    private volatile String body = "{\"items\":[],\"next\":null}";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
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

    @Test
    void noneIsSaid() {
        assertThat(Cli.run("anomalies", "--url", url()).outLines()).containsExactly("No anomalies.");
        assertThat(Cli.run("anomalies", "--url", url(), "--service", "orders").outLines())
                .containsExactly("No anomalies of this filter.");
    }

    @Test
    void pagesAreFollowedUpToTheLimit() {
        body = "{\"items\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"next\":\"more of them\"}";

        assertThat(new AnomalyApi(URI.create(url()), "").list(Map.of("kind", ""), 4))
                .hasSize(4);

        assertThat(asked)
                .containsExactly(
                        "/api/v1/anomalies?limit=4 null", "/api/v1/anomalies?cursor=more+of+them&limit=2 null");
    }

    @Test
    void aTokenIsSent() {
        new AnomalyApi(URI.create(url()), "secret").list(Map.of(), 1);

        assertThat(asked).containsExactly("/api/v1/anomalies?limit=1 Bearer secret");
    }

    @Test
    void aRefusalIsToldInTheServersWords() {
        status = 400;
        body = "{\"title\":\"Bad request\",\"detail\":\"kind is 'x', did you mean 'y'?\"}";

        Cli cli = Cli.run("anomalies", "--url", url(), "--kind", "x");

        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.err()).contains("did you mean 'y'?");
    }

    @Test
    void whatIsNotThereIsNamedWithTheNextStep() {
        status = 401;
        assertThat(Cli.run("anomalies", "--url", url()).err()).contains("UNPARK_TOKEN");

        status = 200;
        body = "<html>";
        assertThat(Cli.run("anomalies", "--url", url()).err()).contains("does not look like Unpark");

        String closed = url();
        server.stop(0);
        Cli away = Cli.run("anomalies", "--url", closed);
        assertThat(away.exitCode()).isEqualTo(1);
        assertThat(away.err()).contains(closed, "unpark up", "--url");

        assertThat(Cli.run("anomalies", "--url", "here").exitCode()).isEqualTo(2);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }
}
