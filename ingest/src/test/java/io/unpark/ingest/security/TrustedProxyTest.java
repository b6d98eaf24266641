package io.unpark.ingest.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that a proxy vouches for. */
final class TrustedProxyTest {
    private static final String API = "/api/v1/anomalies";
    private static final String HEADER = "X-Forwarded-User";

    @TempDir
    private Path folder;

    @Test
    void aProxysWordIsEnoughToReadAndNoMore() throws Exception {
        try (GuardedServer server = server(Optional.empty(), "127.0.0.1", "::1")) {
            assertThat(server.get(API, HEADER, "anna").statusCode()).isEqualTo(200);
            assertThat(server.get(API).statusCode()).isEqualTo(401);
            assertThat(server.get(API, HEADER, "").statusCode()).isEqualTo(401);
            assertThat(server.get(API, HEADER, "anna", HEADER, "otto").statusCode())
                    .isEqualTo(403);
            assertThat(server.post("/api/v1/anything", new byte[0], HEADER, "anna")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "192.0.2.1"})
    void anybodyElsesWordIsNothing(String proxy) throws Exception {
        try (GuardedServer server = server(Optional.empty(), proxy)) {
            assertThat(server.get(API, HEADER, "anna").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void whereUsersAreListedOthersAreNotLetIn() throws Exception {
        Path access = folder.resolve("access");
        Files.writeString(access, "user anna read\nuser otto push=orders\n");
        try (GuardedServer server = server(Optional.of(access), "127.0.0.0/8", "::1")) {
            assertThat(server.get(API, HEADER, "anna").statusCode()).isEqualTo(200);
            assertThat(server.get(API, HEADER, "otto").statusCode()).isEqualTo(403);
            assertThat(server.get(API, HEADER, "eve").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void whatIsNoAddressOrNoHeaderIsSaidSo() {
        assertThatThrownBy(() -> new TrustedProxies(HEADER, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TrustedProxies(HEADER, List.of("proxy.example")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TrustedProxies("X User", List.of("10.0.0.1")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static GuardedServer server(Optional<Path> access, String... proxies) throws Exception {
        return new GuardedServer(new WebSecurity.Options(
                Optional.empty(),
                access,
                ClientLimits.DEFAULT,
                ConnectionLimits.DEFAULT,
                Optional.of(new TrustedProxies(HEADER, List.of(proxies))),
                Optional.empty()));
    }
}
