package io.unpark.ingest.outgoing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** What goes into the header {@code Authorization}. Never printed. */
public final class Credentials {
    /** Nobody asks. */
    public static final Credentials NONE = new Credentials("", "", Secret.of(""));

    private final String type;
    private final String user;
    private final Secret secret;

    private Credentials(String type, String user, Secret secret) {
        this.type = type;
        this.user = user;
        this.secret = secret;
    }

    public static Credentials basic(String user, Secret password) {
        return new Credentials("Basic", user, password);
    }

    /** @param type {@code Bearer} as a rule */
    public static Credentials token(String type, Secret token) {
        return new Credentials(type, "", token);
    }

    /** @throws IOException when the secret's file cannot be read */
    Optional<String> header() throws IOException {
        if (type.isEmpty()) {
            return Optional.empty();
        }
        String value = secret.read();
        if (type.equals("Basic")) {
            byte[] pair = (user + ":" + value).getBytes(StandardCharsets.UTF_8);
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
        }
        return Optional.of(type + " " + value);
    }

    @Override
    public String toString() {
        return type.isEmpty() ? "no credentials" : type + " credentials";
    }
}
