package io.unpark.ingest.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TlsTest {
    private static final String ORDERS = "/ingest/v1/trace?service=orders";
    private static final String BILLING = "/ingest/v1/trace?service=billing";
    private static final byte[] BODY = new byte[300_000];

    @TempDir
    static Path folder;

    private static TestCertificates made;

    @BeforeAll
    static void certificates() throws IOException {
        made = new TestCertificates(folder);
        made.sign("server", "CN=unpark", "dns:localhost,ip:127.0.0.1");
        made.sign("next", "CN=unpark", "dns:localhost,ip:127.0.0.1");
        made.sign("orders", "CN=orders,OU=shop", "");
        made.sign("spiffe", "CN=x", "uri:spiffe://prod/orders");
    }

    private static WebSecurity.Options options(Path certificate, Path key, boolean clients, Path access) {
        Optional<Path> ca = clients ? Optional.of(made.pem("ca")) : Optional.empty();
        return new WebSecurity.Options(
                Optional.of(new TlsFiles(certificate, key, ca)),
                Optional.ofNullable(access),
                ClientLimits.DEFAULT,
                GuardedServer.QUICK);
    }

    private static HttpClient client(String name) throws Exception {
        SSLContext tls = made.client(name);
        return HttpClient.newBuilder().sslContext(tls).build();
    }

    private static HttpResponse<String> push(GuardedServer to, HttpClient client, String path, String... headers)
            throws Exception {
        return to.send(client, to.request(path, headers).POST(BodyPublishers.ofByteArray(BODY)));
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void bothVersionsOfHttpWithAndWithoutTls(HttpClient.Version version) throws Exception {
        try (GuardedServer tls = new GuardedServer(options(made.pem("server"), made.key("server"), false, null));
                GuardedServer plain = new GuardedServer(WebSecurity.Options.NONE)) {
            HttpClient client = HttpClient.newBuilder()
                    .version(version)
                    .sslContext(made.client(""))
                    .build();
            for (GuardedServer server : List.of(tls, plain)) {
                HttpResponse<String> pushed = push(server, client, ORDERS);
                HttpResponse<String> asked = server.send(client, server.request("/healthz"));

                assertThat(pushed.statusCode()).isEqualTo(202);
                assertThat(pushed.body()).isEqualTo("" + BODY.length);
                assertThat(asked.version()).isEqualTo(version);
            }
        }
    }

    @Test
    void aNewCertificateIsTakenWithoutARestart() throws Exception {
        Path certificate = Files.copy(made.pem("server"), folder.resolve("tls.crt"));
        Path key = Files.copy(made.key("server"), folder.resolve("tls.key"));
        try (GuardedServer server = new GuardedServer(options(certificate, key, false, null))) {
            String before = serial(server);

            // When: half of it is there for a moment
            Files.copy(made.pem("next"), certificate, StandardCopyOption.REPLACE_EXISTING);
            assertThat(serial(server)).isEqualTo(before);
            Files.copy(made.key("next"), key, StandardCopyOption.REPLACE_EXISTING);

            // Then
            await().untilAsserted(() -> assertThat(serial(server)).isNotEqualTo(before));
            assertThat(push(server, client(""), ORDERS).statusCode()).isEqualTo(202);
        }
    }

    private static String serial(GuardedServer server) throws Exception {
        HttpResponse<String> answer = server.send(client(""), server.request("/healthz"));
        X509Certificate certificate =
                (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
        return certificate.getSerialNumber().toString();
    }

    @Test
    void withAClientCaAndNothingElseACertificateIsNeededAndEnough() throws Exception {
        try (GuardedServer server = new GuardedServer(options(made.pem("server"), made.key("server"), true, null))) {
            assertThat(push(server, client("orders"), BILLING).statusCode()).isEqualTo(202);
            assertThatThrownBy(() -> push(server, client(""), ORDERS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aCertificatesNameIsBoundToServices() throws Exception {
        NewToken token = NewToken.make("ci", List.of("push=billing"), new SecureRandom());
        Path access = Files.write(
                folder.resolve("access"),
                List.of("cert orders push=orders", "cert spiffe://prod/orders push=orders,read", token.line()));
        try (GuardedServer server = new GuardedServer(options(made.pem("server"), made.key("server"), true, access))) {
            assertThat(push(server, client("orders"), ORDERS).statusCode()).isEqualTo(202);
            assertThat(push(server, client("orders"), BILLING).statusCode()).isEqualTo(403);
            assertThat(push(server, client("spiffe"), ORDERS).statusCode()).isEqualTo(202);
            assertThat(push(server, client("server"), ORDERS).statusCode()).isEqualTo(403);
            assertThat(push(server, client(""), ORDERS).statusCode()).isEqualTo(401);
            assertThat(push(server, client(""), BILLING, "Authorization", "Bearer " + token.token())
                            .statusCode())
                    .isEqualTo(202);
        }
    }

    @Test
    void whatCannotBeUsedIsNamed() throws Exception {
        assertThatThrownBy(() -> new WebSecurity(options(made.pem("server"), made.key("next"), false, null)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not the certificate's");
        assertThatThrownBy(() -> new WebSecurity(options(made.key("server"), made.key("server"), false, null)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new WebSecurity(options(made.pem("server"), made.pem("server"), false, null)))
                .hasMessageContaining("no private key");
        assertThatThrownBy(() -> new WebSecurity(options(folder.resolve("none"), made.key("server"), false, null)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none");
    }
}
