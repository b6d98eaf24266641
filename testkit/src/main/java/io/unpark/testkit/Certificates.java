package io.unpark.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A certificate for the loopback address that signs itself, made with the JDK's keytool. PEM, as operators have it.
 *
 * @param key the private key as PEM
 * @param certificate as PEM
 * @param certificateFile the same as a file
 * @param keyStore both as PKCS 12, with {@link #PASSWORD}
 */
public record Certificates(String key, String certificate, Path certificateFile, Path keyStore) {
    /** Of the key store. */
    public static final String PASSWORD = "changeit";

    private static final String ALIAS = "server";

    /** Makes them in the folder. */
    public static Certificates make(Path folder) throws IOException, InterruptedException {
        Path store = folder.resolve("server.p12");
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=unpark-test",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString()))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed: " + said);
        }
        return read(folder, store);
    }

    private static Certificates read(Path folder, Path store) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            String key = pem(
                    "PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
            String certificate = pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
            return new Certificates(key, certificate, Files.writeString(folder.resolve("ca.pem"), certificate), store);
        } catch (GeneralSecurityException e) {
            throw new IOException("keytool's store cannot be read", e);
        }
    }

    private static String pem(String what, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
    }
}
