package io.unpark.ingest.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority and what it signs, made with the JDK's keytool in a folder. */
final class TestCertificates {
    private static final String PASSWORD = "changeit";

    private final Path folder;

    TestCertificates(Path folder) throws IOException {
        this.folder = folder;
        generate("ca", "CN=test CA", "-ext", "bc:c=ca:true");
        Files.writeString(pem("ca"), pem(entry("ca")));
    }

    Path pem(String name) {
        return folder.resolve(name + ".pem");
    }

    Path key(String name) {
        return folder.resolve(name + ".key");
    }

    /** A certificate signed by the authority: its chain in {@code name.pem}, its key in {@code name.key}. */
    void sign(String name, String distinguishedName, String alternatives) throws IOException {
        generate(name, distinguishedName);
        Path request = folder.resolve(name + ".csr");
        Path answer = folder.resolve(name + ".crt");
        keytool("-certreq", "-alias", name, "-file", request.toString());
        List<String> gencert = new ArrayList<>(List.of(
                "-gencert", "-alias", "ca", "-infile", request.toString(), "-outfile", answer.toString(), "-rfc"));
        if (!alternatives.isEmpty()) {
            gencert.addAll(List.of("-ext", "san=" + alternatives));
        }
        keytool(gencert.toArray(String[]::new));
        keytool("-importcert", "-alias", name, "-file", answer.toString(), "-noprompt");
        Files.writeString(pem(name), Files.readString(answer));
        try {
            Key key = store().getKey(name, PASSWORD.toCharArray());
            Files.writeString(key(name), block("PRIVATE KEY", key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Trusts the authority, and shows the certificate of that name; "" for none. */
    SSLContext client(String name) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", entry("ca"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManager[] keys = null;
        if (!name.isEmpty()) {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            KeyStore all = store();
            own.setKeyEntry(
                    name,
                    all.getKey(name, PASSWORD.toCharArray()),
                    PASSWORD.toCharArray(),
                    all.getCertificateChain(name));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(own, PASSWORD.toCharArray());
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), null);
        return context;
    }

    static String block(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
    }

    private void generate(String alias, String name, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "30"));
        words.addAll(List.of(more));
        keytool(words.toArray(String[]::new));
    }

    private void keytool(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("-keystore", folder.resolve("all.p12").toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("keytool: " + said);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private KeyStore store() throws IOException {
        try {
            return KeyStore.getInstance(folder.resolve("all.p12").toFile(), PASSWORD.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private Certificate entry(String name) throws IOException {
        try {
            return store().getCertificate(name);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static String pem(Certificate certificate) throws IOException {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
