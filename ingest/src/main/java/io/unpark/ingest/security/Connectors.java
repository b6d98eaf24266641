package io.unpark.ingest.security;

import java.util.Optional;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The port: HTTP/1.1 and 2 on it, by ALPN with TLS, by prior knowledge or upgrade without. */
final class Connectors {
    private static final int MAX_STREAMS = 64;

    /** Of bodies that nobody reads yet, a connection may send so much: pushes wait for their turn on many of them. */
    private static final int RECEIVE_WINDOW_BYTES = 128 << 10;

    private Connectors() {}

    static ServerConnector of(
            Server server,
            HttpConfiguration defaults,
            String host,
            int port,
            Optional<SslContextFactory.Server> tls,
            ConnectionLimits limits) {
        HttpConfiguration http = new HttpConfiguration(defaults);
        http.setSendServerVersion(false);
        http.addCustomizer(new StrictHeaders());
        ServerConnector connector =
                tls.map(certificates -> secure(server, http, certificates)).orElseGet(() -> plain(server, http));
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(limits.idle().toMillis());
        return connector;
    }

    private static ServerConnector plain(Server server, HttpConfiguration http) {
        return new ServerConnector(
                server, new HttpConnectionFactory(http), bounded(new HTTP2CServerConnectionFactory(http)));
    }

    private static ServerConnector secure(Server server, HttpConfiguration http, SslContextFactory.Server tls) {
        // There is one certificate whatever the client calls us: by address, by a name inside a cluster, by localhost.
        http.addCustomizer(new SecureRequestCustomizer(false));
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
        return new ServerConnector(
                server,
                new SslConnectionFactory(tls, alpn.getProtocol()),
                alpn,
                bounded(new HTTP2ServerConnectionFactory(http)),
                new HttpConnectionFactory(http));
    }

    private static <T extends AbstractHTTP2ServerConnectionFactory> T bounded(T http2) {
        http2.setMaxConcurrentStreams(MAX_STREAMS);
        http2.setInitialStreamRecvWindow(RECEIVE_WINDOW_BYTES);
        http2.setInitialSessionRecvWindow(RECEIVE_WINDOW_BYTES);
        return http2;
    }
}
