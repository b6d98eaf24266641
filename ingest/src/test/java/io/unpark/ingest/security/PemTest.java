package io.unpark.ingest.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void readsPkcs8(String kind) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance(kind).generateKeyPair();

        assertThat(Pem.privateKey(pem("PRIVATE KEY", pair.getPrivate().getEncoded())))
                .isEqualTo(pair.getPrivate());
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 2048, 4096})
    void readsPkcs1(int bits) throws Exception {
        // Given: a key as openssl genrsa wrote it
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
        byte[] pkcs1 = der(
                0x30,
                new byte[] {2, 1, 0},
                der(2, key.getModulus().toByteArray()),
                der(2, key.getPublicExponent().toByteArray()),
                der(2, key.getPrivateExponent().toByteArray()),
                der(2, key.getPrimeP().toByteArray()),
                der(2, key.getPrimeQ().toByteArray()),
                der(2, key.getPrimeExponentP().toByteArray()),
                der(2, key.getPrimeExponentQ().toByteArray()),
                der(2, key.getCrtCoefficient().toByteArray()));

        assertThat(Pem.privateKey(pem("RSA PRIVATE KEY", pkcs1))).isEqualTo(key);
    }

    @Test
    void readsSec1() throws Exception {
        // Given: keys as openssl ecparam -genkey wrote them
        Map<String, String> curves = Map.of("secp256r1", "06082a8648ce3d030107", "secp384r1", "06052b81040022");
        for (Map.Entry<String, String> curve : curves.entrySet()) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve.getKey()));
            ECPrivateKey key = (ECPrivateKey) generator.generateKeyPair().getPrivate();
            byte[] oid = HexFormat.of().parseHex(curve.getValue());
            byte[] sec1 = der(0x30, new byte[] {2, 1, 1}, der(4, key.getS().toByteArray()), der(0xa0, oid));

            assertThat(((ECPrivateKey) Pem.privateKey(pem("EC PRIVATE KEY", sec1))).getS())
                    .isEqualTo(key.getS());
        }
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> Pem.privateKey("nothing".getBytes(StandardCharsets.US_ASCII)))
                .hasMessageContaining("no private key");
        assertThatThrownBy(() -> Pem.privateKey(pem("ENCRYPTED PRIVATE KEY", new byte[40])))
                .hasMessageContaining("encrypted");
        assertThatThrownBy(() -> Pem.privateKey(pem("PRIVATE KEY", new byte[40])))
                .hasMessageContaining("none of the kinds");
        for (byte[] broken : new byte[][] {{}, {0x30}, {0x30, 5, 2, 1, 1}, {0x30, 3, 2, 1, 1}, new byte[50]}) {
            assertThatThrownBy(() -> Pem.privateKey(pem("EC PRIVATE KEY", broken.length == 0 ? new byte[1] : broken)))
                    .isInstanceOf(java.io.IOException.class);
        }
        assertThatThrownBy(() -> Pem.certificates(new byte[0])).hasMessageContaining("no certificate");
    }

    private static byte[] pem(String kind, byte[] der) {
        return TestCertificates.block(kind, der).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.size() > 255) {
            out.write(0x82);
            out.write(content.size() >> 8);
        } else if (content.size() > 127) {
            out.write(0x81);
        }
        out.write(content.size());
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
