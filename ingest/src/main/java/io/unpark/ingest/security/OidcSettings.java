package io.unpark.ingest.security;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who vouches for people, by OpenID Connect.
 *
 * @param issuer as its tokens name it; what it offers is at {@code /.well-known/openid-configuration} below
 * @param clientId as the issuer knows this server; its tokens are for it
 * @param clientSecret file; empty for a public client
 * @param publicUrl how browsers reach this server; {@code auth/callback} below it is registered at the issuer
 * @param audience of tokens that programs send; usually the client's id
 * @param userClaim which claim is somebody's name
 * @param required a claim that tokens must have, with one value that must be, or be among, its values
 */
public record OidcSettings(
        URI issuer,
        String clientId,
        Optional<Path> clientSecret,
        URI publicUrl,
        String audience,
        String userClaim,
        Optional<RequiredClaim> required) {

    /** A claim, such as {@code groups}, and a value. */
    public record RequiredClaim(String name, String value) {
        /** @throws IllegalArgumentException when it is not NAME=VALUE */
        public static RequiredClaim parse(String text) {
            String[] parts = text.split("=", 2);
            if (parts.length < 2 || parts[0].isBlank() || parts[1].isBlank()) {
                throw new IllegalArgumentException("'" + text + "' is not CLAIM=VALUE, such as groups=sre");
            }
            return new RequiredClaim(parts[0].strip(), parts[1].strip());
        }
    }

    /** @throws IllegalArgumentException that says what is wrong */
    public OidcSettings {
        requireSecure("the issuer", issuer);
        requireSecure("the public URL", publicUrl);
        if (clientId.isBlank()) {
            throw new IllegalArgumentException("an issuer needs the client's id");
        }
    }

    private static void requireSecure(String what, URI url) {
        boolean https = "https".equals(url.getScheme());
        if (url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    what + " '" + url + "' is no address such as https://unpark.example.com");
        }
        if (!https && !("http".equals(url.getScheme()) && isLoopback(url.getHost()))) {
            throw new IllegalArgumentException(what + " '" + url + "' must begin with https://");
        }
    }

    /** Only names and addresses that cannot be anybody else; a name is not looked up. */
    private static boolean isLoopback(String host) {
        try {
            return host.equals("localhost")
                    || host.matches("[0-9.]+|\\[.*")
                            && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** An address below the public one. */
    URI at(String path) {
        String base = publicUrl.toString();
        return URI.create((base.endsWith("/") ? base : base + "/") + path);
    }

    boolean secure() {
        return "https".equals(publicUrl.getScheme());
    }
}
