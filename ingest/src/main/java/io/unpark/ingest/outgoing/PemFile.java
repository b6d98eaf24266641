package io.unpark.ingest.outgoing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and keys as text (RFC 7468). */
final class PemFile {
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN (?<kind>[A-Z ]{0,20}PRIVATE KEY)-----(?<body>[^-]*)-----END ");

    private PemFile() {}

    static List<X509Certificate> certificates(Path file) throws IOException {
        try {
            List<X509Certificate> read =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes(file)))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (read.isEmpty()) {
                throw new IOException(file + " holds no certificate");
            }
            return read;
        } catch (CertificateException e) {
            throw new IOException(file + " holds no certificate: " + Reasons.of(e), e);
        }
    }

    /** @param algorithm of the certificate's key, such as RSA or EC */
    static PrivateKey key(Path file, String algorithm) throws IOException {
        Matcher pem = KEY.matcher(new String(bytes(file), StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new IOException(file + " holds no private key in PEM form");
        }
        if (!pem.group("kind").equals("PRIVATE KEY")) {
            throw new IOException(file + " holds a key as " + pem.group("kind")
                    + "; convert it with: openssl pkcs8 -topk8 -nocrypt -in " + file);
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.group("body"));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new IOException(file + " holds no " + algorithm + " key that fits the certificate", e);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException(file + " is larger than " + MAX_BYTES + " bytes");
            }
            return bytes;
        } catch (FileSystemException e) {
            throw new IOException("cannot read " + file + ": " + Reasons.of(e), e);
        }
    }
}
