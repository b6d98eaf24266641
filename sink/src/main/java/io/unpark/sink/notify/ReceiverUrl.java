package io.unpark.sink.notify;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/** Which addresses messages may go to. */
final class ReceiverUrl {
    private static final int CHARS_MAX = 2_000;
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private ReceiverUrl() {}

    /** @throws IllegalArgumentException saying what is wrong, without the address: it may be a secret */
    static URI parse(String text) {
        if (text.length() > CHARS_MAX) {
            throw new IllegalArgumentException("has more than " + CHARS_MAX + " characters");
        }
        URI url;
        try {
            url = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no address: " + e.getReason());
        }
        if (url.getScheme() == null || !SCHEMES.contains(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "an address such as https://alerts.example.org/ is expected; only http and https");
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("may have no user and password; use token_env or token_file");
        }
        if (url.getRawFragment() != null) {
            throw new IllegalArgumentException("may have no part after #");
        }
        return url;
    }
}
