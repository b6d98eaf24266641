package io.unpark.ingest.security;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys as PEM (RFC 7468): keys as PKCS #8, or as OpenSSL wrote them before (PKCS #1, SEC 1). */
final class Pem {
    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN (RSA |EC |ENCRYPTED |)PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END \\1PRIVATE KEY-----");
    private static final List<String> KEY_KINDS = List.of("RSA", "EC", "Ed25519");

    /** DER of {@code SEQUENCE { OID rsaEncryption, NULL }}. */
    private static final byte[] RSA_ALGORITHM = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    /** DER of {@code OID id-ecPublicKey}. */
    private static final byte[] EC_ALGORITHM = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int EC_PARAMETERS = 0xa0;

    private Pem() {}

    /** At least one, in their order. */
    static List<X509Certificate> certificates(byte[] pem) throws IOException {
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw new IOException("no certificate in it; expected PEM, -----BEGIN CERTIFICATE-----");
            }
            return found;
        } catch (CertificateException e) {
            throw new IOException("not a certificate as PEM: " + e.getMessage(), e);
        }
    }

    /** The first private key. */
    static PrivateKey privateKey(byte[] pem) throws IOException {
        Matcher block = KEY.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (!block.find()) {
            throw new IOException("no private key in it; expected PEM, -----BEGIN PRIVATE KEY-----");
        }
        byte[] der = Base64.getMimeDecoder().decode(block.group(2));
        return switch (block.group(1)) {
            case "RSA " -> key(wrapped(RSA_ALGORITHM, der), List.of("RSA"));
            case "EC " -> key(wrapped(der(SEQUENCE, EC_ALGORITHM, curve(der)), der), List.of("EC"));
            case "" -> key(der, KEY_KINDS);
            default -> throw new IOException("the private key is encrypted; decrypt it with openssl pkcs8");
        };
    }

    private static PrivateKey key(byte[] pkcs8, List<String> kinds) throws IOException {
        GeneralSecurityException last = null;
        for (String kind : kinds) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw new IOException("a private key of none of the kinds " + String.join(", ", kinds), last);
    }

    /** PKCS #8 around an older form: version, algorithm, the key as it was (RFC 5208). */
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return der(SEQUENCE, VERSION_0, algorithm, der(OCTET_STRING, key));
    }

    /** The curve that a SEC 1 key names in its field [0] (RFC 5915). */
    private static byte[] curve(byte[] sec1) throws IOException {
        int at = afterHeader(sec1, 0); // of the whole
        at = afterElement(sec1, at); // version
        at = afterElement(sec1, at); // the number
        if (at + 1 >= sec1.length || (sec1[at] & 0xff) != EC_PARAMETERS) {
            throw new IOException("the key does not name its curve; convert it with openssl pkcs8 -topk8 -nocrypt");
        }
        int from = afterHeader(sec1, at);
        int to = afterElement(sec1, at);
        return Arrays.copyOfRange(sec1, from, to);
    }

    private static int afterHeader(byte[] der, int at) throws IOException {
        int length = at + 1 < der.length ? der[at + 1] & 0xff : 0xff;
        int more = length < 0x80 ? 0 : length & 0x7f;
        if (more > 2 || at + 2 + more > der.length) {
            throw new IOException("the private key is broken");
        }
        return at + 2 + more;
    }

    private static int afterElement(byte[] der, int at) throws IOException {
        int content = afterHeader(der, at);
        int length = content - at == 2 ? der[at + 1] & 0xff : 0;
        for (int i = at + 2; i < content; i++) {
            length = length << 8 | der[i] & 0xff;
        }
        if (content + length > der.length) {
            throw new IOException("the private key is broken");
        }
        return content + length;
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
