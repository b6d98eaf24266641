package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.Javalin;
import io.javalin.http.HandlerType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.allinone.AllInOne;
import io.unpark.app.allinone.PortChoice;
import io.unpark.app.demo.Recordings;
import io.unpark.app.demo.Recordings.Recording;
import io.unpark.app.demo.Recordings.Scenario;
import io.unpark.app.process.DataFolder;
import io.unpark.app.roles.Address;
import io.unpark.app.roles.Collector;
import io.unpark.ingest.security.ClientLimits;
import io.unpark.ingest.security.ConnectionLimits;
import io.unpark.ingest.security.OidcSettings;
import io.unpark.ingest.security.WebSecurity;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.testkit.ApiDocument;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole HTTP API of the all-in-one process, behind a login: as it is described, and as a browser gets in. */
final class HttpApiTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String HINT = "the document is sink/src/main/resources/io/unpark/sink/api/openapi.yaml";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private static Path folder;

    private static MockOAuth2Server issuer;
    private static AllInOne all;
    private static String token;
    private static ApiDocument document;

    private final List<String> mistakes = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        issuer = new MockOAuth2Server(OAuth2Config.Companion.fromJson("{\"interactiveLogin\": true}"));
        issuer.start();
        Path access = folder.resolve("access");
        token = Cli.run("token", "push=*", "manage", "--file", access, "--name", "test")
                .out()
                .strip();
        int port = freePort();
        all = AllInOne.start(
                DataFolder.kept(folder.resolve("data")),
                Optional.empty(),
                PortChoice.web(port),
                new Address("127.0.0.1", port, options(access, port)),
                AnalysisConfig.DEFAULTS,
                Clock.systemUTC(),
                stage -> {});
        document = new ApiDocument(
                send("GET", "/api/v1/openapi.json", BodyPublishers.noBody()).body());
        Recordings recordings = Feed.demo("leak", "race");
        for (Scenario scenario : recordings.scenarios()) {
            for (Recording trace : scenario.traces()) {
                HttpResponse<String> answer = send(
                        "POST", "/ingest/v1/trace?service=" + trace.service(), BodyPublishers.ofFile(trace.file()));
                assertThat(document.mistakes("POST /ingest/v1/trace", answer)).isEmpty();
            }
            for (Recording log : scenario.races()) {
                HttpResponse<String> answer =
                        send("POST", "/ingest/v1/race?service=" + log.service(), BodyPublishers.ofFile(log.file()));
                assertThat(document.mistakes("POST /ingest/v1/race", answer)).isEmpty();
            }
        }
        assertThat(all.awaitProcessed(LIMIT)).isTrue();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static WebSecurity.Options options(Path access, int port) {
        return new WebSecurity.Options(
                Optional.empty(),
                Optional.of(access),
                ClientLimits.DEFAULT,
                ConnectionLimits.DEFAULT,
                Optional.empty(),
                Optional.of(new OidcSettings(
                        issuer.issuerUrl("people").uri(),
                        "unpark",
                        Optional.empty(),
                        URI.create("http://localhost:" + port),
                        "unpark",
                        "sub",
                        Optional.empty())));
    }

    @AfterAll
    static void stop() {
        if (all != null) {
            all.close();
        }
        issuer.shutdown();
    }

    /** Those of the sink are looked at in {@code sink}. */
    @Test
    void everyWayInAndTheLoginAreDescribed() throws Exception {
        Set<String> described = document.operations().stream()
                .filter(it -> it.contains(" /ingest/") || it.contains(" /auth/"))
                .collect(Collectors.toCollection(TreeSet::new));
        var cluster = new io.unpark.app.roles.Cluster(
                Map.of("bootstrap.servers", all.bootstrap()),
                RegistryConfig.of(all.registryUrl()),
                TopicLayout.DEFAULT.withPartitions(2));
        try (Collector collector = new Collector(cluster, Clock.systemUTC(), new SimpleMeterRegistry());
                WebSecurity security = new WebSecurity(options(folder.resolve("access"), 1))) {
            Javalin server = Javalin.create(config -> {
                security.install(config, "127.0.0.1", 0);
                collector.register(config);
            });
            collector.captures().close();

            assertThat(routes(server)).as(HINT).isEqualTo(described);
        }
    }

    private static Set<String> routes(Javalin server) {
        return server.unsafe.internalRouter.allHttpHandlers().stream()
                .map(it -> it.endpoint)
                .filter(it -> it.method != HandlerType.BEFORE && it.method != HandlerType.AFTER)
                .map(it -> it.method.name() + " " + it.path)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whatTheDemoGivesIsAsDescribed() throws Exception {
        JsonNode anomalies = get("GET /api/v1/anomalies", "/api/v1/anomalies?all=true&limit=1000");
        assertThat(anomalies.path("items")).isNotEmpty();
        for (JsonNode anomaly : anomalies.path("items")) {
            String path = "/api/v1/anomalies/" + anomaly.path("id").asText();
            get("GET /api/v1/anomalies/{id}", path);
            for (String export : List.of("trace", "perfetto", "pprof")) {
                get("GET /api/v1/anomalies/{id}/" + export, path + "/" + export);
            }
        }
        for (JsonNode service : get("GET /api/v1/services", "/api/v1/services").path("items")) {
            String path = "/api/v1/services/" + service.path("service").asText() + "/windows";
            for (JsonNode route :
                    get("GET /api/v1/services/{service}/windows", path).path("routes")) {
                for (JsonNode slow : route.path("slowest")) {
                    get(
                            "GET /api/v1/requests/{id}",
                            "/api/v1/requests/" + slow.path("request").asText());
                }
            }
        }
        for (String path : List.of("/api/v1/status", "/healthz", "/readyz", "/metrics")) {
            get("GET " + path, path);
        }

        assertThat(mistakes).as(HINT).isEmpty();
    }

    @Test
    void whatIsRefusedOnTheWayInIsAsDescribed() throws Exception {
        post("POST /ingest/v1/trace", "/ingest/v1/trace?service=a", "no trace");
        post("POST /ingest/v1/trace", "/ingest/v1/trace", "");
        post("POST /ingest/v1/race", "/ingest/v1/race?service=a", "no report");
        post("POST /ingest/v1/profile", "/ingest/v1/profile?service=a", "no profile");
        post("POST /ingest/v1/captures", "/ingest/v1/captures?service=nobody", "");
        post("POST /ingest/v1/captures", "/ingest/v1/captures?service=a&seconds=x", "");
        get("GET /ingest/v1/captures", "/ingest/v1/captures?service=a");
        get("GET /ingest/v1/captures/{id}", "/ingest/v1/captures/nope?service=a");
        get("GET /ingest/v1/commands", "/ingest/v1/commands?service=a&instance=i");
        get("GET /ingest/v1/commands", "/ingest/v1/commands?service=a");

        assertThat(mistakes).as(HINT).isEmpty();
    }

    @Test
    void aBrowserComesInThroughTheIssuerAndToThePageItWanted() {
        if (!LoginBrowser.available()) {
            System.out.println("SKIPPED: the login in a browser: no chromium and chromedriver on the PATH");
        }
        assumeTrue(LoginBrowser.available(), "needs chromium and chromedriver on the PATH");
        try (LoginBrowser browser = new LoginBrowser()) {
            browser.open(all.url().replace("127.0.0.1", "localhost") + "/#/services");
            await().atMost(LIMIT)
                    .until(() -> browser.address()
                            .startsWith(issuer.issuerUrl("people").toString()));

            browser.logIn("anna");

            await().atMost(LIMIT).until(() -> browser.text().contains("orders"));
            assertThat(browser.address()).endsWith("/#/services");
            assertThat(browser.cookiesOfScripts())
                    .as("the name to show, and not the session")
                    .isEqualTo("unpark_user=anna");
            assertThat(browser.text()).contains("Log out");
        }
    }

    private JsonNode get(String operation, String path) throws Exception {
        HttpResponse<String> answer = send("GET", path, BodyPublishers.noBody());
        mistakes.addAll(document.mistakes(operation, answer));
        String type = answer.headers().firstValue("Content-Type").orElse("");
        return type.contains("json") ? Documents.parse(answer.body()) : Documents.parse("{}");
    }

    private void post(String operation, String path, String body) throws Exception {
        mistakes.addAll(document.mistakes(operation, send("POST", path, BodyPublishers.ofString(body))));
    }

    private static HttpResponse<String> send(String method, String path, BodyPublisher body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(all.url() + path))
                .method(method, body)
                .header("Authorization", "Bearer " + token)
                .timeout(LIMIT)
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }
}
