package io.unpark.ingest.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import io.unpark.ingest.security.OidcSettings.RequiredClaim;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logins and tokens of a real issuer of OpenID Connect, in this process. */
final class OidcTest {
    private static final String ISSUER = "people";
    private static final String CLIENT = "unpark";
    private static final String API = "/api/v1/anomalies";
    /** Its callback is sent to the server under test, wherever that listens. */
    private static final URI PUBLIC = URI.create("http://localhost:1/");

    private static MockOAuth2Server issuer;

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private GuardedServer server;

    @BeforeAll
    static void startIssuer() throws Exception {
        issuer = new MockOAuth2Server(OAuth2Config.Companion.fromJson("{\"interactiveLogin\": true}"));
        issuer.start();
    }

    @AfterAll
    static void stopIssuer() {
        issuer.shutdown();
    }

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aBrowserIsSentToTheIssuerAndReadsAfterwards() throws Exception {
        start(Optional.empty(), "");

        HttpResponse<String> unknown = server.get(API);
        HttpResponse<String> begun = server.get("/auth/login?to=" + encoded("#/anomaly/a1"));
        HttpResponse<String> ended = callback(begun, "anna", "{}");

        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(unknown.body()).contains("\"login\":\"auth/login\"");
        assertThat(unknown.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(it -> assertThat(it).doesNotContain("Basic"));
        assertThat(location(begun)).contains("code_challenge_method=S256", "nonce=", "state=", "response_type=code");
        assertThat(ended.statusCode()).as(ended.body()).isEqualTo(302);
        assertThat(location(ended)).isEqualTo(PUBLIC + "#/anomaly/a1");
        assertThat(ended.headers().allValues("Set-Cookie"))
                .anySatisfy(it -> assertThat(it)
                        .startsWith(OidcLogin.SESSION + "=")
                        .contains("HttpOnly", "SameSite=Lax", "Path=/;")
                        .doesNotContain("Secure"));
        String session = cookies(ended);
        assertThat(server.get(API, "Cookie", session).statusCode()).isEqualTo(200);
        assertThat(server.post("/api/v1/anything", new byte[0], "Cookie", session)
                        .statusCode())
                .as("what a browser sends by itself changes nothing")
                .isEqualTo(403);
        assertThat(server.post("/ingest/v1/trace?service=a", new byte[0], "Cookie", session)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void thePageIsThereToLogInAndNothingElse() throws Exception {
        start(Optional.empty(), "");

        for (String path : List.of("/", "/main.js", "/app.css")) {
            assertThat(server.get(path).statusCode()).as(path).isEqualTo(404);
        }
        for (String path : List.of(API, "/metrics", "/api/v1/x.js", "/ingest/v1/captures", "/ingest/x.js", "/other")) {
            assertThat(server.get(path).statusCode()).as(path).isEqualTo(401);
        }
    }

    @Test
    void anAnswerThatWasNotAskedForIsRefused() throws Exception {
        start(Optional.empty(), "");
        HttpResponse<String> begun = server.get("/auth/login");
        String answer = atServer(answerOfIssuer(begun, "anna", "{}"));

        assertThat(server.get(answer).statusCode()).as("without the cookie").isEqualTo(403);
        assertThat(server.get(answer.replaceFirst("state=[^&]*", "state=other"), "Cookie", cookies(begun))
                        .statusCode())
                .as("another state")
                .isEqualTo(403);
        assertThat(server.get(answer, "Cookie", cookies(server.get("/auth/login")))
                        .statusCode())
                .as("another login's cookie")
                .isEqualTo(403);
        assertThat(server.get("/auth/callback?error=access_denied&state=x", "Cookie", cookies(begun))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void cookiesAreOursOrNothing() throws Exception {
        start(Optional.empty(), "");
        HttpResponse<String> begun = server.get("/auth/login");
        String session = cookies(callback(begun, "anna", "{}"));
        String pending = cookies(begun);

        for (String cookie : List.of(
                session.substring(0, session.length() - 3) + "abc",
                OidcLogin.SESSION + "=" + pending.substring(pending.indexOf('=') + 1),
                OidcLogin.SESSION + "=" + unsigned("{\"use\":\"unpark_session\",\"user\":\"eve\",\"exp\":9999999999}"),
                OidcLogin.SESSION + "=x")) {
            assertThat(server.get(API, "Cookie", cookie).statusCode())
                    .as(cookie)
                    .isEqualTo(401);
        }
    }

    @Test
    void aLoginLeadsToPagesOfOursOnly() throws Exception {
        start(Optional.empty(), "");

        for (String page : List.of("//evil.example", "https://evil.example", "#//\r\nX: y", "javascript:alert(1)")) {
            HttpResponse<String> ended = callback(server.get("/auth/login?to=" + encoded(page)), "anna", "{}");

            assertThat(location(ended)).as(page).isEqualTo(PUBLIC + "#/");
        }
    }

    @Test
    void aProgramSendsTheIssuersToken() throws Exception {
        start(Optional.empty(), "user bot manage\nuser * read\n");

        assertThat(withToken(token(CLIENT, "bot", 60))).isEqualTo(200);
        assertThat(server.post("/api/v1/anything", new byte[0], "Authorization", "Bearer " + token(CLIENT, "bot", 60))
                        .statusCode())
                .isEqualTo(200);
        assertThat(withToken(token("other", "bot", 60))).as("for somebody else").isEqualTo(401);
        assertThat(withToken(token(CLIENT, "bot", -3_600))).as("over").isEqualTo(401);
        assertThat(withToken(issuer.issueToken("strangers", "bot", CLIENT).serialize()))
                .as("another issuer")
                .isEqualTo(401);
        String good = token(CLIENT, "bot", 60);
        assertThat(withToken(good.substring(0, good.length() - 4) + "AAAA")).isEqualTo(401);
        assertThat(withToken(unsigned("{\"iss\":\"" + issuer.issuerUrl(ISSUER)
                        + "\",\"aud\":\"unpark\",\"sub\":\"bot\",\"exp\":9999999999}")))
                .isEqualTo(401);
    }

    @Test
    void whoLacksTheClaimOrTheLineIsNotLetIn() throws Exception {
        start(Optional.of(new RequiredClaim("groups", "sre")), "user anna read\n");

        assertThat(callback(server.get("/auth/login"), "anna", "{\"groups\":[\"dev\"]}")
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<String> member = callback(server.get("/auth/login"), "anna", "{\"groups\":[\"dev\",\"sre\"]}");
        HttpResponse<String> other = callback(server.get("/auth/login"), "otto", "{\"groups\":[\"sre\"]}");

        assertThat(server.get(API, "Cookie", cookies(member)).statusCode()).isEqualTo(200);
        assertThat(server.get(API, "Cookie", cookies(other)).statusCode()).isEqualTo(403);
    }

    @Test
    void anIssuerThatIsAwayIsSaidSo() throws Exception {
        server =
                new GuardedServer(options(URI.create("http://localhost:1/nobody"), Optional.empty(), Optional.empty()));

        assertThat(server.get("/auth/login").statusCode()).isEqualTo(503);
        assertThat(withToken(token(CLIENT, "bot", 60))).isEqualTo(503);
        assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void logoutForgetsTheBrowser() throws Exception {
        start(Optional.empty(), "");

        HttpResponse<String> out = server.get("/auth/logout");

        assertThat(out.headers().allValues("Set-Cookie"))
                .anySatisfy(it ->
                        assertThat(it).startsWith(OidcLogin.SESSION + "=;").contains("Max-Age=0"))
                .anySatisfy(
                        it -> assertThat(it).startsWith(OidcLogin.USER + "=;").contains("Max-Age=0"));
        assertThat(out.statusCode()).isEqualTo(302);
        assertThat(location(out))
                .startsWith(issuer.issuerUrl(ISSUER).toString())
                .contains("client_id=" + CLIENT);
    }

    @Test
    void logoutIsDoneHereWhileTheIssuerIsAway() throws Exception {
        server =
                new GuardedServer(options(URI.create("http://127.0.0.1:1/nobody"), Optional.empty(), Optional.empty()));

        HttpResponse<String> out = server.get("/auth/logout");

        assertThat(out.statusCode()).isEqualTo(200);
        assertThat(out.headers().firstValue("Set-Cookie"))
                .hasValueSatisfying(it -> assertThat(it).contains("Max-Age=0"));
    }

    @Test
    void thePageIsToldWhoseLoginItIs() throws Exception {
        start(Optional.empty(), "");

        HttpResponse<String> ended = callback(server.get("/auth/login"), "anna b@example.com", "{}");

        assertThat(ended.headers().allValues("Set-Cookie"))
                .anySatisfy(it -> assertThat(it)
                        .startsWith(OidcLogin.USER + "=anna+b%40example.com;")
                        .doesNotContain("HttpOnly"));
    }

    private void start(Optional<RequiredClaim> required, String access) throws Exception {
        Path file = folder.resolve("access");
        Files.writeString(file, access);
        URI url = issuer.issuerUrl(ISSUER).uri();
        server = new GuardedServer(options(url, required, access.isEmpty() ? Optional.empty() : Optional.of(file)));
    }

    private WebSecurity.Options options(URI url, Optional<RequiredClaim> required, Optional<Path> access)
            throws Exception {
        Path secret = folder.resolve("secret");
        Files.writeString(secret, "a secret that is long enough to derive a key from\n");
        return new WebSecurity.Options(
                Optional.empty(),
                access,
                ClientLimits.DEFAULT,
                ConnectionLimits.DEFAULT,
                Optional.empty(),
                Optional.of(new OidcSettings(url, CLIENT, Optional.of(secret), PUBLIC, CLIENT, "sub", required)));
    }

    /** The login as far as the issuer, where somebody fills in the form; then back here. */
    private HttpResponse<String> callback(HttpResponse<String> begun, String user, String claims) throws Exception {
        return server.get(atServer(answerOfIssuer(begun, user, claims)), "Cookie", cookies(begun));
    }

    private String answerOfIssuer(HttpResponse<String> begun, String user, String claims) throws Exception {
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(302);
        String form = "username=" + encoded(user) + "&claims=" + encoded(claims);
        HttpRequest filled = HttpRequest.newBuilder(URI.create(location(begun)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))
                .build();
        HttpResponse<String> answer = http.send(filled, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        return location(answer);
    }

    private static String atServer(String publicUrl) {
        assertThat(publicUrl).startsWith(PUBLIC + "auth/callback?");
        return publicUrl.substring(PUBLIC.toString().length() - 1);
    }

    private int withToken(String token) throws Exception {
        return server.get(API, "Authorization", "Bearer " + token).statusCode();
    }

    private static String token(String audience, String subject, long seconds) {
        SignedJWT token = issuer.issueToken(ISSUER, subject, audience, Map.of(), seconds);
        return token.serialize();
    }

    private static String unsigned(String claims) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".";
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").orElse("no Location: " + answer.body());
    }

    /** Those that are set, as a browser sends them. */
    private static String cookies(HttpResponse<String> answer) {
        List<String> set = new ArrayList<>();
        for (String cookie : answer.headers().allValues("Set-Cookie")) {
            String pair = cookie.substring(0, cookie.indexOf(';'));
            if (!pair.endsWith("=")) {
                set.add(pair);
            }
        }
        return String.join("; ", set);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
