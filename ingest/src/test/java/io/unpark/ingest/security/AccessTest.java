package io.unpark.ingest.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AccessTest {
    private static final String ORDERS = "/ingest/v1/trace?service=orders";
    private static final String API = "/api/v1/anomalies";
    private static final byte[] BODY = new byte[100_000];

    @TempDir
    static Path folder;

    private static final NewToken PUSHES = token("push=orders,push=shop/billing");
    private static final NewToken READS = token("read");
    private static final NewToken MANAGES = token("manage");
    private static GuardedServer server;

    private static NewToken token(String grants) {
        return NewToken.make("the name", List.of(grants.split(",")), new SecureRandom());
    }

    @BeforeAll
    static void start() throws IOException {
        server = new GuardedServer(GuardedServer.withAccess(
                write("access", PUSHES.line(), "# a remark", "", READS.line(), MANAGES.line())));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Path write(String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name), List.of(lines));
    }

    private static String[] bearer(NewToken token) {
        return new String[] {"Authorization", "Bearer " + token.token()};
    }

    @Test
    void aTokenPushesAsItsServicesOnly() throws Exception {
        assertThat(server.post(ORDERS, BODY, bearer(PUSHES)).statusCode()).isEqualTo(202);
        assertThat(server.post(ORDERS + "&namespace=any", BODY, bearer(PUSHES)).statusCode())
                .isEqualTo(202);
        assertThat(server.post("/ingest/v1/trace?service=billing&namespace=shop", BODY, bearer(PUSHES))
                        .statusCode())
                .isEqualTo(202);
        for (String other : List.of(
                "?service=billing",
                "?service=billing&namespace=test",
                "?service=orders2",
                "?service=*",
                "",
                "?service=")) {
            assertProblem(server.post("/ingest/v1/trace" + other, BODY, bearer(PUSHES)), 403, "forbidden");
        }
        assertProblem(server.post(ORDERS, BODY, bearer(READS)), 403, "forbidden");
        assertProblem(server.post(ORDERS, BODY, bearer(MANAGES)), 403, "forbidden");
    }

    @Test
    void withoutAGoodTokenNothingIsLetIn() throws Exception {
        // Given: none, a good line's id with another secret, an unknown one, and nonsense
        String wrongSecret = PUSHES.token().substring(0, 20) + "A".repeat(43);
        List<String> bad = List.of(
                "Bearer " + wrongSecret,
                "Bearer " + token("push=orders").token(),
                "Bearer ",
                "Bearer " + "x".repeat(5000),
                "Digest abc",
                "Basic %%%");

        for (String header : bad) {
            assertProblem(server.post(ORDERS, BODY, "Authorization", header), 401, "unauthorised");
        }
        HttpResponse<String> without = server.post(ORDERS, BODY);
        assertProblem(without, 401, "unauthorised");
        assertThat(without.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"unpark\"");
        assertThat(server.security().refused().get("unauthorised")).isGreaterThanOrEqualTo(7);
    }

    @Test
    void probesNeedNoToken() throws Exception {
        assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void whoMayPushDoesNotRead() throws Exception {
        assertProblem(server.get(API, bearer(PUSHES)), 403, "forbidden");
        assertThat(server.get(API, bearer(READS)).statusCode()).isEqualTo(200);
        assertThat(server.get(API, bearer(MANAGES)).statusCode()).isEqualTo(200);
    }

    @Test
    void whoMayReadChangesNothing() throws Exception {
        assertProblem(server.post("/api/v1/anything", BODY, bearer(READS)), 403, "forbidden");
        assertThat(server.post("/api/v1/anything", BODY, bearer(MANAGES)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aBrowserReadsWithTheTokenAsPassword() throws Exception {
        String basic = "Basic "
                + Base64.getEncoder().encodeToString(("me:" + MANAGES.token()).getBytes(StandardCharsets.UTF_8));

        assertThat(server.get(API).headers().firstValue("WWW-Authenticate").orElse(""))
                .startsWith("Basic ");
        assertThat(server.get(API, "Authorization", basic).statusCode()).isEqualTo(200);
        // A page elsewhere could make a browser send this one.
        assertProblem(server.post("/api/v1/anything", BODY, "Authorization", basic), 401, "unauthorised");
    }

    @Test
    void aPathInAnotherSpellingOpensNothing() throws Exception {
        for (String path :
                List.of("/ingest;x=y/v1/trace", "/Ingest/v1/trace", "/%69ngest/v1/trace", "//ingest/v1/trace")) {
            assertThat(server.post(path + "?service=billing", BODY, bearer(PUSHES))
                            .statusCode())
                    .as(path)
                    .isBetween(400, 404);
        }
        assertThat(server.get("/healthz/../api/v1/anomalies").statusCode()).isBetween(400, 404);
    }

    @Test
    void theFileIsReadAgainWhenItChanges() throws Exception {
        NewToken first = token("push=orders");
        NewToken second = token("push=orders");
        Path file = write("changing", first.line());
        try (GuardedServer changing = new GuardedServer(GuardedServer.withAccess(file))) {
            assertThat(changing.post(ORDERS, BODY, bearer(first)).statusCode()).isEqualTo(202);

            // When another line stands there, then it alone is good
            write("changing", second.line());
            await().untilAsserted(() -> assertThat(
                            changing.post(ORDERS, BODY, bearer(second)).statusCode())
                    .isEqualTo(202));
            assertProblem(changing.post(ORDERS, BODY, bearer(first)), 401, "unauthorised");

            // When it is broken or gone, then what it said stays
            write("changing", "no such line");
            write("changing.other", "x");
            Files.delete(file);
            assertThat(changing.post(ORDERS, BODY, bearer(second)).statusCode()).isEqualTo(202);

            // When it is there again, then it counts
            write("changing", first.line());
            await().untilAsserted(() -> assertThat(
                            changing.post(ORDERS, BODY, bearer(first)).statusCode())
                    .isEqualTo(202));
        }
    }

    @Test
    void whoTriesTokensIsSlowedDown() throws Exception {
        try (GuardedServer tried = new GuardedServer(GuardedServer.withAccess(folder.resolve("access")))) {
            int status = 0;
            for (int i = 0; i < 60 && status != 429; i++) {
                status = tried.post(ORDERS, new byte[1], bearer(token("read"))).statusCode();
            }
            assertThat(status).isEqualTo(429);
        }
    }

    @Test
    void mistakesInTheFileAreNamed() throws Exception {
        String good = READS.line();
        for (String bad : List.of(
                "group me read",
                "token me read",
                good.replace(" read ", " write "),
                good.replace(" read ", " push= "),
                good.replace("10000", "99999999"),
                good.replace("pbkdf2-sha256", "md5"))) {
            Path file = write("bad", good.replace(" the", " other"), bad);

            assertThatThrownBy(() -> new WebSecurity(GuardedServer.withAccess(file)))
                    .as(bad)
                    .hasMessageContaining("bad: line 2:");
        }
        Path twice = write("twice", good, good);
        assertThatThrownBy(() -> new WebSecurity(GuardedServer.withAccess(twice)))
                .hasMessageContaining("twice");
    }

    @Test
    void theFileKeepsNoToken() {
        assertThat(READS.line()).doesNotContain(READS.token().substring(20));
        assertThat(READS.toString()).doesNotContain(READS.token());
        assertThat(token("read").line()).isNotEqualTo(READS.line());
        assertThatThrownBy(() -> NewToken.make("x", List.of("push=a,b"), new SecureRandom()))
                .hasMessageContaining("%2C");
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String reason) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.body()).contains("\"status\":" + status, "\"reason\":\"" + reason + "\"");
    }
}
