package io.unpark.ingest.security;

import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one server is reached, for every role alike: TLS, who may do what, and limits for clients and connections. The files are read
 * again when they change. One object serves one server.
 */
public final class WebSecurity implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebSecurity.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    /** With so little time for idle ones, connections become free where there are too many. */
    private static final long CROWDED_IDLE_MS = 1_000;

    private final Options options;
    private final Optional<Reloading<AccessList>> access;
    private final Optional<SslContextFactory.Server> tls;
    private final List<Reloading<?>> open = new ArrayList<>();
    private final WebGuard guard;
    private final Optional<OidcLogin> login;

    /**
     * What is asked for.
     *
     * @param tls empty: plain HTTP
     * @param access file of {@link AccessList}; empty: nobody is asked, but for a certificate where {@code tls} has a client CA, and
     *     for what proxies or the issuer know
     */
    public record Options(
            Optional<TlsFiles> tls,
            Optional<Path> access,
            ClientLimits clients,
            ConnectionLimits connections,
            Optional<TrustedProxies> proxies,
            Optional<OidcSettings> oidc) {
        /** Plain HTTP for everybody, with the limits. */
        public static final Options NONE =
                new Options(Optional.empty(), Optional.empty(), ClientLimits.DEFAULT, ConnectionLimits.DEFAULT);

        /** Without proxies and issuer. */
        public Options(
                Optional<TlsFiles> tls, Optional<Path> access, ClientLimits clients, ConnectionLimits connections) {
            this(tls, access, clients, connections, Optional.empty(), Optional.empty());
        }

        /** Whether nobody is let in unknown. */
        public boolean asksWho() {
            return asksForNames() || tls.flatMap(TlsFiles::clientCa).isPresent();
        }

        /** Whether somebody has to be known by name; else a certificate is enough, if one is asked for. */
        boolean asksForNames() {
            return access.isPresent() || proxies.isPresent() || oidc.isPresent();
        }
    }

    /**
     * Reads the files.
     *
     * @throws IOException that names the file that cannot be used, and why
     */
    public WebSecurity(Options options) throws IOException {
        this(options, LOOK_EVERY);
    }

    WebSecurity(Options options, Duration lookEvery) throws IOException {
        this.options = options;
        try {
            access = options.access().isPresent() ? Optional.of(accessFile(lookEvery)) : Optional.empty();
            tls = options.tls().isPresent()
                    ? Optional.of(certificates(options.tls().get(), lookEvery))
                    : Optional.empty();
            login = options.oidc().isPresent()
                    ? Optional.of(login(options.oidc().get()))
                    : Optional.empty();
        } catch (IOException e) {
            close();
            throw e;
        }
        Clients clients = new Clients(options.clients(), System::nanoTime);
        guard = new WebGuard(
                new Identities(options, () -> access.map(Reloading::get).orElseGet(AccessList::empty), login, clients),
                clients,
                options.clients().concurrentPushes());
    }

    private static OidcLogin login(OidcSettings settings) throws IOException {
        String secret = settings.clientSecret().isPresent()
                ? Files.readString(settings.clientSecret().get()).strip()
                : "";
        String path = settings.publicUrl().getRawPath();
        SignedCookies cookies = new SignedCookies(
                secret, path == null || path.isEmpty() ? "/" : path, settings.secure(), Clock.systemUTC());
        return new OidcLogin(settings, new OidcIssuer(settings, secret), cookies);
    }

    private Reloading<AccessList> accessFile(Duration lookEvery) throws IOException {
        Path file = options.access().orElseThrow();
        Reloading<AccessList> list = new Reloading<>(
                List.of(file),
                contents -> named(file.toString(), () -> AccessList.parse(contents.get(0))),
                lookEvery,
                now -> LOG.info("{} lines of {} are in force", now.size(), file));
        open.add(list);
        return list;
    }

    private SslContextFactory.Server certificates(TlsFiles files, Duration lookEvery) throws IOException {
        SslContextFactory.Server server = new SslContextFactory.Server();
        Reloading<TlsFiles.Stores> stores = new Reloading<>(
                files.all(),
                contents -> named(files.all().toString(), () -> TlsFiles.stores(contents)),
                lookEvery,
                now -> reload(server, now));
        open.add(stores);
        set(server, stores.get());
        if (files.clientCa().isPresent()) {
            server.setNeedClientAuth(!options.asksForNames());
            server.setWantClientAuth(options.asksForNames());
        }
        return server;
    }

    private static void reload(SslContextFactory.Server server, TlsFiles.Stores stores) {
        try {
            server.reload(factory -> set(server, stores));
        } catch (Exception e) {
            throw new IllegalStateException("new certificates are not usable: " + e.getMessage(), e);
        }
    }

    private static void set(SslContextFactory.Server server, TlsFiles.Stores stores) {
        server.setKeyStore(stores.server());
        server.setKeyStorePassword(TlsFiles.IN_MEMORY);
        stores.clients().ifPresent(server::setTrustStore);
    }

    private static <T> T named(String file, Callable<T> loader) throws IOException {
        try {
            return loader.call();
        } catch (Exception e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Makes a server listen here, and guards it. To be called before routes are registered: its check comes first. */
    public void install(JavalinConfig config, String host, int port) {
        SlowConnections slow = new SlowConnections(options.connections());
        config.jetty.addConnector((server, http) -> connector(server, http, host, port, slow));
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(new StrictErrors());
            server.insertHandler(new PacedBodies(options.connections()));
            server.insertHandler(slow);
        });
        config.routes.before(guard::check);
        login.ifPresent(it -> it.register(config));
    }

    private Connector connector(Server server, HttpConfiguration http, String host, int port, SlowConnections slow) {
        ServerConnector connector = Connectors.of(server, http, host, port, tls, options.connections());
        connector.addEventListener(slow);
        NetworkConnectionLimit most =
                new NetworkConnectionLimit(options.connections().maxConnections(), connector);
        most.setEndPointIdleTimeout(CROWDED_IDLE_MS);
        server.addBean(most);
        return connector;
    }

    /** How addresses of this server begin. */
    public String scheme() {
        return tls.isPresent() ? "https" : "http";
    }

    /** Requests that were not let in, by reason, since the start. */
    public Map<String, Long> refused() {
        return guard.refused();
    }

    @Override
    public void close() {
        open.forEach(Reloading::close);
    }
}
