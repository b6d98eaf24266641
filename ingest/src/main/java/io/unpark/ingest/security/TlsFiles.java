package io.unpark.ingest.security;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The PEM files of a server's TLS.
 *
 * @param certificate of the server, with those between it and the root
 * @param key of the certificate, not encrypted
 * @param clientCa who signs the certificates of clients; empty: clients need none
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> clientCa) {
    /** The stores live in memory only; a PKCS #12 store wants a password all the same. */
    static final String IN_MEMORY = "in-memory";

    List<Path> all() {
        List<Path> files = new ArrayList<>(List.of(certificate, key));
        clientCa.ifPresent(files::add);
        return files;
    }

    /** What Jetty wants. */
    record Stores(KeyStore server, Optional<KeyStore> clients) {}

    /** @param contents of {@link #all}, in that order */
    static Stores stores(List<byte[]> contents) throws IOException {
        List<X509Certificate> chain = Pem.certificates(contents.get(0));
        PrivateKey key = Pem.privateKey(contents.get(1));
        try {
            if (!belong(chain.get(0), key)) {
                throw new IOException("the private key is not the certificate's");
            }
            KeyStore server = empty();
            server.setKeyEntry("server", key, IN_MEMORY.toCharArray(), chain.toArray(X509Certificate[]::new));
            return new Stores(server, contents.size() < 3 ? Optional.empty() : Optional.of(trusted(contents.get(2))));
        } catch (GeneralSecurityException e) {
            throw new IOException("not usable for TLS: " + e.getMessage(), e);
        }
    }

    private static KeyStore trusted(byte[] pem) throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        int number = 0;
        for (X509Certificate certificate : Pem.certificates(pem)) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        return store;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static boolean belong(X509Certificate certificate, PrivateKey key) throws GeneralSecurityException {
        byte[] sample = {1, 2, 3};
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "Ed25519";
        };
        if (!certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(sample);
        byte[] signature = signer.sign();
        signer.initVerify(certificate.getPublicKey());
        signer.update(sample);
        return signer.verify(signature);
    }
}
