package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens, addresses and hostile names, as the command line and a real collector have them. */
class ServerSecurityTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String ESCAPE = "\u001b";

    @TempDir
    private Path folder;

    private String token(Path access, String... words) {
        Cli made = Cli.run(Stream.concat(Stream.of("token", "--file", access), Stream.of((Object[]) words))
                .toArray());
        assertThat(made.exitCode()).as(made.err()).isZero();
        return made.out().strip();
    }

    @Test
    void aTokenIsPrintedOnceAndItsHashIsKept() throws Exception {
        Path access = folder.resolve("access");

        String first = token(access, "push=orders");
        String second = token(access, "read", "--name", "the ops team");

        assertThat(first).matches("unpark_[A-Za-z0-9]{12}_[A-Za-z0-9_-]{43}").isNotEqualTo(second);
        List<String> lines = Files.readAllLines(access);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).startsWith("token the%20ops%20team read ");
        assertThat(Files.readString(access)).doesNotContain(first.substring(20));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(access)))
                .isEqualTo("rw-------");
        assertThat(Cli.run("token", "write").exitCode()).isEqualTo(2);
        assertThat(Cli.run("token", "push=a").err()).contains("token push%3Da push=a ");
    }

    @Test
    void anAddressOfOtherMachinesNeedsSomebodyWhoIsAsked() throws Exception {
        for (List<String> verb : List.of(
                List.of("up", "--data", folder.resolve("data").toString()),
                List.of("collect", "--bootstrap", "127.0.0.1:1", "--registry", "http://127.0.0.1:1"),
                List.of("sink", "--bootstrap", "127.0.0.1:1", "--registry", "http://127.0.0.1:1"))) {
            Cli run = Cli.run(Stream.concat(verb.stream(), Stream.of("--port", "0", "--host", "0.0.0.0"))
                    .toArray());

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("0.0.0.0 is reached by other machines", "--access", "--allow-anyone");
        }
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws Exception {
        Path bad = Files.writeString(folder.resolve("bad"), "nonsense");
        Path yaml = Files.writeString(folder.resolve("unpark.yaml"), "server:\n  acces: x\n");
        Cli tls = Cli.run("up", "--data", folder.resolve("d"), "--port", "0", "--tls-cert", bad);
        Cli config = Cli.run("config", "check", "--config", yaml);
        Files.writeString(yaml, "server:\n  access: tokens\n  client: {pushes_per_second: 5}\n");
        Cli good = Cli.run("config", "check", "--config", yaml);

        assertThat(tls.exitCode()).isEqualTo(2);
        assertThat(tls.err()).contains("--tls-key");
        assertThat(config.exitCode()).isEqualTo(2);
        assertThat(config.err()).contains("server.acces", "access");
        assertThat(good.exitCode()).as(good.err()).isZero();
    }

    @Test
    void namesOfClientsReachNeitherLogsNorFileNamesUnescaped() throws Exception {
        // Given a collector that keeps an archive and asks for tokens
        Path access = folder.resolve("access");
        Path archive = folder.resolve("in").resolve("archive");
        String all = token(access, "push=*");
        String orders = token(access, "push=orders");
        String reads = token(access, "read");
        try (RealCluster cluster = RealCluster.start(folder, 1);
                ChildProcess collect =
                        cluster.role("collect", "--access", access.toString(), "--archive", archive.toString())) {
            String address = collect.address();
            await().atMost(LIMIT).until(collect::isReady);
            byte[] trace = SmallTrace.healthy();

            // When names are pushed that are no good names
            for (String bad :
                    List.of("a%0d%0aERROR%20forged", "%1b%5B31mred", "a%00b", "%E2%80%AEsdrawkcab", "%C2%85x")) {
                assertThat(push(address + "/ingest/v1/trace?service=" + bad, all, trace))
                        .isEqualTo(400);
                assertThat(push(address + "/ingest/v1/trace?service=s&instance=" + bad, all, trace))
                        .isEqualTo(400);
                assertThat(push(address + "/ingest/v1/race?service=" + bad, all, trace))
                        .isEqualTo(400);
            }
            for (String odd :
                    List.of("..%2F..%2Fescaped", "..", "%2Fetc%2Fpasswd", "a%5Cb", "%22%3E%3Cscript%3E", "x%25n")) {
                assertThat(push(address + "/ingest/v1/trace?service=" + odd + "&instance=" + odd, all, trace))
                        .as(odd)
                        .isEqualTo(202);
            }
            raw(address, "GET /x" + ESCAPE + "[31m HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            raw(
                    address,
                    "POST /ingest/v1/trace?service=s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + all
                            + "\r\nUnpark-Capture: ../../" + ESCAPE
                            + "[2J\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

            // Then tokens are bound, nothing was written beside the archive, and the log says nothing that it was told
            // to say
            assertThat(push(address + "/ingest/v1/trace?service=orders", orders, trace))
                    .isEqualTo(202);
            assertThat(push(address + "/ingest/v1/trace?service=billing", orders, trace))
                    .isEqualTo(403);
            assertThat(push(address + "/ingest/v1/trace?service=billing", "unpark_no", trace))
                    .isEqualTo(401);
            assertThat(status(address + "/metrics", orders)).isEqualTo(403);
            assertThat(status(address + "/metrics", reads)).isEqualTo(200);
            try (Stream<Path> files = Files.walk(folder.resolve("in"))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .hasSizeGreaterThan(6)
                        .allMatch(name -> name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*"));
            }
            try (Stream<Path> beside = Files.list(folder.resolve("in"))) {
                assertThat(beside).containsExactly(archive);
            }
            assertThat(collect.stderr()).doesNotContain(ESCAPE, "forged", "sdrawkcab", all, orders);
        }
    }

    private static int push(String url, String token, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    private static int status(String url, String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    /** What no client library would send. */
    private static void raw(String address, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", URI.create(address).getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getInputStream().readAllBytes();
        }
    }
}
