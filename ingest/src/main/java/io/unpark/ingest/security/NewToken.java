package io.unpark.ingest.security;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A token, and the line of the access file that knows it. Only the line is kept.
 *
 * @param token {@code unpark_ID_SECRET}: 12 letters and digits that find the line, and 256 random bits
 * @param line without the end of line
 */
public record NewToken(String token, String line) {
    static final Pattern FORM = Pattern.compile("unpark_([A-Za-z0-9]{12})_[A-Za-z0-9_-]{43}");

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID_CHARS = 12;
    private static final int SECRET_BYTES = 32;

    /**
     * Makes one.
     *
     * @param name of the line, for people
     * @param grants as the file has them, one at least
     * @throws IllegalArgumentException when a grant or the name has the wrong form
     */
    public static NewToken make(String name, List<String> grants, SecureRandom random) {
        if (grants.isEmpty()) {
            throw new IllegalArgumentException(
                    "a token that may do nothing is of no use: give it push=SERVICE, read or manage");
        }
        List<String> written = new ArrayList<>();
        for (String grant : grants) {
            Grant.parse(grant);
            if (grant.contains(",") || grant.chars().anyMatch(Character::isWhitespace)) {
                throw new IllegalArgumentException("write commas and blanks in '" + grant + "' as %2C and %20");
            }
            written.add(grant);
        }
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < ID_CHARS; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String token =
                "unpark_" + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        String line = "token " + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20") + " "
                + String.join(",", written) + " " + id + " "
                + TokenHash.of(token, random).text();
        return new NewToken(token, line);
    }

    /** Tokens are for no log. */
    @Override
    public String toString() {
        return "NewToken[" + line + "]";
    }
}
