package io.unpark.ingest.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * Who may do what: the content of an access file. Each line is one of
 *
 * <pre>
 * token NAME GRANT,... ID HASH       as unpark token writes it
 * cert  NAME GRANT,...               NAME: the certificate's common name, or one of its DNS names or URIs
 * user  NAME GRANT,...               NAME: as the issuer or the proxy says it; * for all others
 * </pre>
 *
 * Empty lines and those that begin with {@code #} are left out. Immutable but for what it remembers of good tokens; thread-safe.
 */
public final class AccessList {
    /** Bytes of a file; some 5,000 tokens. */
    static final int MAX_BYTES = 1 << 20;

    private static final int MAX_TOKEN_CHARS = 200;

    private final Map<String, TokenLine> tokens = new HashMap<>();
    private final Map<String, Caller> certificates = new HashMap<>();
    private final Map<String, Caller> users = new HashMap<>();

    private AccessList() {}

    /** One without a line. */
    static AccessList empty() {
        return new AccessList();
    }

    /** One token; once it was shown, its plain digest, so that the slow hash is computed once. */
    private static final class TokenLine {
        private final Caller caller;
        private final TokenHash hash;
        private volatile byte[] seen;

        private TokenLine(Caller caller, TokenHash hash) {
            this.caller = caller;
            this.hash = hash;
        }
    }

    /** @throws IOException that names the line and what is wrong with it */
    static AccessList parse(byte[] content) throws IOException {
        if (content.length > MAX_BYTES) {
            throw new IOException("larger than " + MAX_BYTES + " bytes");
        }
        AccessList list = new AccessList();
        List<String> lines = new String(content, StandardCharsets.UTF_8).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            try {
                if (!line.isEmpty() && !line.startsWith("#")) {
                    list.add(line.split("\\s+"));
                }
            } catch (IllegalArgumentException e) {
                throw new IOException("line " + (i + 1) + ": " + e.getMessage());
            }
        }
        return list;
    }

    private void add(String[] words) {
        boolean token = words[0].equals("token");
        if (!token && !words[0].equals("cert") && !words[0].equals("user")) {
            throw new IllegalArgumentException("begins with none of token, cert and user");
        }
        if (words.length != (token ? 5 : 3)) {
            throw new IllegalArgumentException(
                    token
                            ? "expected token NAME GRANTS ID HASH, as unpark token writes it"
                            : "expected " + words[0] + " NAME GRANTS");
        }
        List<Grant> grants =
                Arrays.stream(words[2].split(",")).map(Grant::parse).toList();
        Caller caller = new Caller(words[1], grants);
        Object before = token
                ? tokens.put(words[3], new TokenLine(caller, TokenHash.parse(words[4])))
                : (words[0].equals("cert") ? certificates : users).put(words[1], caller);
        if (before != null) {
            throw new IllegalArgumentException("the same " + words[0] + " is in the file twice");
        }
    }

    /** How many lines count. */
    public int size() {
        return tokens.size() + certificates.size() + users.size();
    }

    /** Whether a token was good before, which costs next to nothing to find out; empty when that is not known. */
    Optional<Caller> knownToken(String token) {
        TokenLine line = line(token);
        byte[] seen = line == null ? null : line.seen;
        return seen != null && MessageDigest.isEqual(seen, digest(token)) ? Optional.of(line.caller) : Optional.empty();
    }

    /** Whose token it is. Takes milliseconds the first time. */
    Optional<Caller> byToken(String token) {
        Optional<Caller> known = knownToken(token);
        TokenLine line = line(token);
        if (known.isPresent() || line == null || !line.hash.matches(token)) {
            return known;
        }
        line.seen = digest(token);
        return Optional.of(line.caller);
    }

    private TokenLine line(String token) {
        if (token.length() > MAX_TOKEN_CHARS) {
            return null;
        }
        Matcher form = NewToken.FORM.matcher(token);
        return form.matches() ? tokens.get(form.group(1)) : null;
    }

    /** Whose certificate it is; whether it is valid was seen to before. */
    Optional<Caller> byCertificate(X509Certificate certificate) {
        return CertificateNames.of(certificate).stream()
                .map(certificates::get)
                .filter(caller -> caller != null)
                .findFirst();
    }

    /** Somebody whom an issuer or a proxy vouches for. Without a line for users all of them may read. */
    Optional<Caller> byUser(String name) {
        if (users.isEmpty()) {
            return Optional.of(new Caller(name, List.of(Grant.READ_ANY)));
        }
        Caller known = users.get(name);
        return known != null || !users.containsKey("*")
                ? Optional.ofNullable(known)
                : Optional.of(new Caller(name, users.get("*").grants()));
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
