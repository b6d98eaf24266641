package io.unpark.ingest.config;

import io.unpark.ingest.outgoing.Credentials;
import io.unpark.ingest.outgoing.HttpAccess;
import io.unpark.ingest.outgoing.Secret;
import io.unpark.ingest.outgoing.TlsFiles;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code basic_auth}, {@code authorization}, {@code bearer_token_file} and {@code tls_config}, as Prometheus has them. */
final class AccessReader {
    private static final Pattern TYPE = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,30}");

    private AccessReader() {}

    static HttpAccess read(Section of, Duration connectTimeout) {
        return new HttpAccess(credentials(of), tls(of), connectTimeout);
    }

    private static Credentials credentials(Section of) {
        Optional<Section> basic = of.section("basic_auth");
        Optional<Section> authorization = of.section("authorization");
        boolean bearer = of.has("bearer_token") || of.has("bearer_token_file");
        if ((basic.isPresent() ? 1 : 0) + (authorization.isPresent() ? 1 : 0) + (bearer ? 1 : 0) > 1) {
            throw of.mistake("only one of basic_auth, authorization and bearer_token_file can be used");
        }
        if (bearer) {
            return Credentials.token("Bearer", secret(of, "bearer_token", "bearer_token_file"));
        }
        if (authorization.isPresent()) {
            Section it = authorization.get();
            String type = it.text("type").orElse("Bearer");
            if (!TYPE.matcher(type).matches() || type.equalsIgnoreCase("Basic")) {
                throw it.mistake("type", "a word such as Bearer is expected; for Basic there is basic_auth");
            }
            Credentials read = Credentials.token(type, secret(it, "credentials", "credentials_file"));
            it.end();
            return read;
        }
        if (basic.isPresent()) {
            Section it = basic.get();
            String user = it.required("username");
            if (user.indexOf(':') >= 0) {
                throw it.mistake("username", "may have no colon");
            }
            Credentials read = Credentials.basic(user, secret(it, "password", "password_file"));
            it.end();
            return read;
        }
        return Credentials.NONE;
    }

    private static Secret secret(Section of, String inline, String file) {
        Optional<String> text = of.text(inline);
        Optional<Secret> inFile = of.file(file).map(Secret::ofFile);
        if (text.isPresent() == inFile.isPresent()) {
            throw of.mistake("either " + inline + " or " + file + " is expected");
        }
        return inFile.orElseGet(() -> Secret.of(text.orElseThrow()));
    }

    private static TlsFiles tls(Section of) {
        Optional<Section> section = of.section("tls_config");
        if (section.isEmpty()) {
            return TlsFiles.NONE;
        }
        Section tls = section.get();
        try {
            TlsFiles read = new TlsFiles(
                    tls.file("ca_file"), tls.file("cert_file"), tls.file("key_file"), tls.flag("insecure_skip_verify"));
            tls.end();
            return read;
        } catch (IllegalArgumentException e) {
            throw of.mistake("tls_config", e.getMessage());
        }
    }
}
