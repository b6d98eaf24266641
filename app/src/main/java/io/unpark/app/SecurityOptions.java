package io.unpark.app;

import io.unpark.app.console.UserError;
import io.unpark.ingest.security.ClientLimits;
import io.unpark.ingest.security.ConnectionLimits;
import io.unpark.ingest.security.TlsFiles;
import io.unpark.ingest.security.WebSecurity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options by which a server is protected: the same for every role. Each has a key under {@code server} in unpark.yaml. */
final class SecurityOptions {
    @Option(
            names = "--access",
            paramLabel = "FILE",
            description =
                    "Who may push as which service, and who may read; unpark token makes its lines. Read again when"
                            + " it changes.")
    private Path access;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "The server's certificate and chain, as PEM.")
    private Path tlsCertificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, as PEM, not encrypted.")
    private Path tlsKey;

    @Option(
            names = "--client-ca",
            paramLabel = "FILE",
            description = "Who signs clients' certificates, as PEM. Without --access they are needed, and enough.")
    private Path clientCa;

    @Option(
            names = "--allow-anyone",
            description = "Listen on an address that other machines reach without asking anybody who they are.")
    private boolean allowAnyone;

    @Mixin
    private LoginOptions login;

    /**
     * What is in force: an option, else the environment, else the file.
     *
     * @param host to listen on
     * @param settings of the file and the environment
     * @throws UserError when options do not go together, or other machines could do as they like
     */
    WebSecurity.Options options(String host, ServerSettings settings) {
        Path certificate = settings.path("tls.certificate", tlsCertificate);
        Path key = settings.path("tls.key", tlsKey);
        Optional<Path> ca = Optional.ofNullable(settings.path("tls.client_ca", clientCa));
        if ((certificate == null) != (key == null)) {
            throw UserError.usage("--tls-cert and --tls-key go together");
        }
        if (certificate == null && ca.isPresent()) {
            throw UserError.usage("--client-ca needs --tls-cert and --tls-key");
        }
        WebSecurity.Options options = new WebSecurity.Options(
                Optional.ofNullable(certificate).map(it -> new TlsFiles(it, key, ca)),
                Optional.ofNullable(settings.path("access", access)),
                clientLimits(settings),
                ConnectionLimits.DEFAULT,
                login.proxies(settings),
                login.oidc(settings));
        requireProtected(host, options, allowAnyone || settings.flag("allow_anyone"));
        return options;
    }

    private static ClientLimits clientLimits(ServerSettings settings) {
        ClientLimits usual = ClientLimits.DEFAULT;
        try {
            return new ClientLimits(
                    Math.toIntExact(settings.number("client.pushes_per_second", usual.pushesPerSecond())),
                    settings.number("client.bytes_per_second", usual.bytesPerSecond()),
                    Math.toIntExact(settings.number("client.concurrent_pushes", usual.concurrentPushes())));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw UserError.usage("server.client: " + e.getMessage());
        }
    }

    private static void requireProtected(String host, WebSecurity.Options options, boolean allowed) {
        if (!allowed && !options.asksWho() && !isLoopback(host)) {
            throw UserError.usage(host + " is reached by other machines, and nobody is asked who they are; name an"
                    + " --access FILE (unpark token makes one), a --client-ca, a --proxy-header or an --oidc-issuer, or say"
                    + " --allow-anyone");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw UserError.usage("--host " + host + " is no address of this machine");
        }
    }

    /** @throws UserError for the first mistake under {@code server} */
    static void check(Map<?, ?> section, Map<String, String> environment) {
        ServerSettings settings = ServerSettings.of(section, environment);
        clientLimits(settings);
        LoginOptions login = new LoginOptions();
        login.proxies(settings);
        login.oidc(settings);
    }
}
