package io.unpark.ingest.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a browser keeps for us: claims that nobody else can make, for one use and some time. Nothing is kept here, so that every server
 * with the same secret knows them.
 */
final class SignedCookies {
    /** A secret of a client that is shorter might be guessed from what is signed with it. */
    private static final int MIN_SECRET_CHARS = 32;

    private static final int KEY_BYTES = 32;
    private static final String USE = "use";

    private final byte[] key;
    private final String path;
    private final boolean secure;
    private final Clock clock;

    /**
     * @param secret shared by all servers behind one address; too short or empty: a key of this process only
     * @param path below which the browser sends them
     * @param secure whether it sends them over TLS only
     */
    SignedCookies(String secret, String path, boolean secure, Clock clock) {
        this.key = secret.length() < MIN_SECRET_CHARS ? random() : derived(secret);
        this.path = path;
        this.secure = secure;
        this.clock = clock;
    }

    private static byte[] random() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static byte[] derived(String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal("unpark cookies 1".getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** Sends a cookie of that name, good for so long. */
    void set(Context context, String name, Map<String, String> claims, Duration valid) {
        JWTClaimsSet.Builder content = new JWTClaimsSet.Builder()
                .claim(USE, name)
                .expirationTime(Date.from(clock.instant().plus(valid)));
        claims.forEach(content::claim);
        try {
            SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), content.build());
            token.sign(new MACSigner(key));
            send(context, name, token.serialize(), valid.toSeconds());
        } catch (JOSEException e) {
            throw new IllegalStateException("HS256 takes any key of " + KEY_BYTES + " bytes", e);
        }
    }

    /** Sends a cookie that the page's own scripts can read: it proves nothing. */
    void tell(Context context, String name, String value, Duration valid) {
        send(context, name, URLEncoder.encode(value, StandardCharsets.UTF_8), valid.toSeconds(), "");
    }

    void clear(Context context, String name) {
        send(context, name, "", 0);
    }

    private void send(Context context, String name, String value, long maxAgeSeconds) {
        send(context, name, value, maxAgeSeconds, "; HttpOnly");
    }

    /** Lax: sent when somebody follows a link from elsewhere to a page here, never with what another page does by itself. */
    private void send(Context context, String name, String value, long maxAgeSeconds, String httpOnly) {
        context.res()
                .addHeader(
                        "Set-Cookie",
                        name + "=" + value + "; Path=" + path + "; Max-Age=" + maxAgeSeconds + httpOnly
                                + "; SameSite=Lax" + (secure ? "; Secure" : ""));
    }

    /** What this server, or one with the same secret, put into the cookie; empty when it is not there or not good. */
    Optional<JWTClaimsSet> get(Context context, String name) {
        String value = context.cookie(name);
        if (value == null || value.isEmpty()) {
            return Optional.empty();
        }
        try {
            SignedJWT token = SignedJWT.parse(value);
            boolean ours =
                    token.getHeader().getAlgorithm().equals(JWSAlgorithm.HS256) && token.verify(new MACVerifier(key));
            if (!ours) {
                return Optional.empty();
            }
            JWTClaimsSet claims = token.getJWTClaimsSet();
            Date end = claims.getExpirationTime();
            return name.equals(claims.getStringClaim(USE))
                            && end != null
                            && end.toInstant().isAfter(clock.instant())
                    ? Optional.of(claims)
                    : Optional.empty();
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }
}
