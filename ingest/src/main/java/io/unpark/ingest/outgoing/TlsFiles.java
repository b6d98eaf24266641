package io.unpark.ingest.outgoing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whom to trust and who to be, by PEM files.
 *
 * @param ca certificates to trust instead of Java's
 * @param certificate of this client, with its chain; needs {@code key}
 * @param key of that certificate: PKCS #8, not encrypted
 * @param insecure any certificate of any name is taken: for tests on a machine of one's own
 */
public record TlsFiles(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key, boolean insecure) {
    /** Java's own trust, no client certificate. */
    public static final TlsFiles NONE = new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty(), false);

    public TlsFiles {
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException("a client certificate and its key are given together or not at all");
        }
    }

    boolean isDefault() {
        return equals(NONE);
    }

    /** When the newest of the files was written, in ms since 1970; 0 without files. */
    long changedMs() throws IOException {
        long newest = 0;
        for (Path file :
                Stream.of(ca, certificate, key).flatMap(Optional::stream).toList()) {
            try {
                newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis());
            } catch (IOException e) {
                throw new IOException("cannot read " + file + ": " + Reasons.of(e), e);
            }
        }
        return newest;
    }

    SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), trustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use the TLS files: " + Reasons.of(e), e);
        }
    }

    private KeyManager[] keyManagers() throws IOException, GeneralSecurityException {
        if (certificate.isEmpty()) {
            return null;
        }
        List<X509Certificate> chain = PemFile.certificates(certificate.get());
        PrivateKey secret =
                PemFile.key(key.orElseThrow(), chain.get(0).getPublicKey().getAlgorithm());
        KeyStore store = empty();
        store.setKeyEntry("client", secret, new char[0], chain.toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private TrustManager[] trustManagers() throws IOException, GeneralSecurityException {
        if (insecure) {
            return new TrustManager[] {new TrustingAll()};
        }
        if (ca.isEmpty()) {
            return null;
        }
        KeyStore store = empty();
        int number = 0;
        for (X509Certificate trusted : PemFile.certificates(ca.get())) {
            store.setCertificateEntry("ca-" + number++, trusted);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
