package io.unpark.ingest.outgoing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;

/**
 * A client with one set of credentials and one kind of trust. Files are read again when they have changed, so rotated secrets and
 * certificates need no restart. Follows no redirect: credentials go where the configuration says and nowhere else. Thread-safe.
 */
public final class HttpAccess {
    private final Credentials credentials;
    private final TlsFiles tls;
    private final Duration connectTimeout;
    private HttpClient client;
    private long clientsTls = -1;

    /** @param connectTimeout for the connection alone, TLS included */
    public HttpAccess(Credentials credentials, TlsFiles tls, Duration connectTimeout) {
        this.credentials = credentials;
        this.tls = tls;
        this.connectTimeout = connectTimeout;
    }

    /** Without credentials, trusting whom Java trusts. */
    public static HttpAccess plain(Duration connectTimeout) {
        return new HttpAccess(Credentials.NONE, TlsFiles.NONE, connectTimeout);
    }

    /**
     * The client as its files want it now.
     *
     * @throws IOException when a file cannot be read or holds something else, by its name
     */
    public synchronized HttpClient client() throws IOException {
        long changed = tls.changedMs();
        if (client == null || changed != clientsTls) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(connectTimeout);
            if (!tls.isDefault()) {
                builder.sslContext(tls.context());
            }
            client = builder.build();
            clientsTls = changed;
        }
        return client;
    }

    /**
     * Begins a request with the credentials as they are now.
     *
     * @throws IOException when a secret's file cannot be read, by its name
     */
    public HttpRequest.Builder request(URI uri) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        credentials.header().ifPresent(value -> request.header("Authorization", value));
        return request;
    }
}
