package io.unpark.ingest.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that wants a certificate of its clients, with keys as the JDK's own keytool makes them. */
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    private static HttpsServer server;

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException, InterruptedException {
        make("server", "RSA", "SAN=ip:127.0.0.1");
        make("client", "EC", "SAN=dns:client");
        make("stranger", "EC", "SAN=dns:stranger");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 10);
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store("server"), PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("client", store("client").getCertificate("client"));
        trust.init(trusted);
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    private static void make(String name, String algorithm, String extension)
            throws IOException, GeneralSecurityException, InterruptedException {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        extension,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        name + ".p12",
                        "-storepass",
                        "changeit",
                        "-validity",
                        "2")
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(made.waitFor()).isZero();
        KeyStore store = store(name);
        pem(name + ".crt", "CERTIFICATE", store.getCertificate(name).getEncoded());
        pem(name + ".key", "PRIVATE KEY", store.getKey(name, PASSWORD).getEncoded());
    }

    private static void pem(String file, String what, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                folder.resolve(file), "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
    }

    private static KeyStore store(String name) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve(name + ".p12"))) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static int ask(Optional<String> ca, Optional<String> client, boolean insecure)
            throws IOException, InterruptedException {
        TlsFiles files = new TlsFiles(
                ca.map(folder::resolve),
                client.map(it -> folder.resolve(it + ".crt")),
                client.map(it -> folder.resolve(it + ".key")),
                insecure);
        HttpAccess access = new HttpAccess(Credentials.NONE, files, Duration.ofSeconds(10));
        URI uri = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/");
        return access.client()
                .send(access.request(uri).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void aServerWithOurCaAndAClientWithItsCertificateMeet() throws Exception {
        assertThat(ask(Optional.of("server.crt"), Optional.of("client"), false)).isEqualTo(204);
    }

    @Test
    void aServerOfAnotherCaIsRefused() {
        assertThatThrownBy(() -> ask(Optional.empty(), Optional.of("client"), false))
                .hasMessageContaining("PKIX");
        assertThatThrownBy(() -> ask(Optional.of("client.crt"), Optional.of("client"), false))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aClientOfAnotherCaIsRefused() {
        assertThatThrownBy(() -> ask(Optional.of("server.crt"), Optional.empty(), false))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ask(Optional.of("server.crt"), Optional.of("stranger"), false))
                .isInstanceOf(IOException.class);
    }

    @Test
    void insecureTakesAnyServer() throws Exception {
        assertThat(ask(Optional.empty(), Optional.of("client"), true)).isEqualTo(204);
    }

    @Test
    void aFileOfAnotherKindIsNamed() throws IOException {
        Files.writeString(folder.resolve("old.crt"), Files.readString(folder.resolve("client.crt")));
        Files.writeString(
                folder.resolve("old.key"), "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");

        assertThatThrownBy(() -> ask(Optional.of("server.crt"), Optional.of("old"), false))
                .hasMessageContaining("old.key")
                .hasMessageContaining("openssl pkcs8");
        assertThatThrownBy(() -> ask(Optional.of("client.key"), Optional.empty(), false))
                .hasMessageContaining("client.key holds no certificate");
    }
}
