package io.unpark.app;

import io.unpark.app.console.UserError;
import io.unpark.ingest.security.OidcSettings;
import io.unpark.ingest.security.TrustedProxies;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options by which people are known whom somebody else vouches for: a proxy, or an issuer of OpenID Connect. */
final class LoginOptions {
    /** Their keys below {@code server} in unpark.yaml. */
    static final List<String> KEYS = List.of(
            "proxy.header",
            "proxy.addresses",
            "oidc.issuer",
            "oidc.client_id",
            "oidc.client_secret",
            "oidc.public_url",
            "oidc.audience",
            "oidc.user_claim",
            "oidc.require");

    @Option(
            names = "--proxy-header",
            paramLabel = "NAME",
            description = "Header in which a proxy says who somebody is, such as X-Forwarded-User.")
    private String proxyHeader;

    @Option(
            names = "--proxy-addresses",
            paramLabel = "LIST",
            description = "The proxies' addresses or ranges, with commas; nobody else's header counts.")
    private String proxyAddresses;

    @Option(
            names = "--oidc-issuer",
            paramLabel = "URL",
            description = "Where people log in, by OpenID Connect; its JWTs are taken as tokens too.")
    private String issuer;

    @Option(names = "--oidc-client-id", paramLabel = "ID", description = "As the issuer knows this server.")
    private String clientId;

    @Option(names = "--oidc-client-secret", paramLabel = "FILE", description = "The client's secret, if it has one.")
    private Path clientSecret;

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description = "How browsers reach this server; auth/callback below it is registered at the issuer.")
    private String publicUrl;

    /** @throws UserError when one is given without the other, or is not usable */
    Optional<TrustedProxies> proxies(ServerSettings settings) {
        String header = settings.text("proxy.header", proxyHeader);
        String addresses = settings.text("proxy.addresses", proxyAddresses);
        if (header == null && addresses == null) {
            return Optional.empty();
        }
        if (header == null || addresses == null) {
            throw UserError.usage("--proxy-header and --proxy-addresses go together");
        }
        try {
            List<String> each = Arrays.stream(addresses.split(","))
                    .map(String::strip)
                    .filter(it -> !it.isEmpty())
                    .toList();
            return Optional.of(new TrustedProxies(header, each));
        } catch (IllegalArgumentException e) {
            throw UserError.usage("--proxy-header, --proxy-addresses: " + e.getMessage());
        }
    }

    /** @throws UserError when something is missing or not usable */
    Optional<OidcSettings> oidc(ServerSettings settings) {
        String url = settings.text("oidc.issuer", issuer);
        if (url == null) {
            return Optional.empty();
        }
        String id = settings.text("oidc.client_id", clientId);
        String reached = settings.text("oidc.public_url", publicUrl);
        if (id == null || reached == null) {
            throw UserError.usage("--oidc-issuer needs --oidc-client-id and --public-url");
        }
        String claim = settings.text("oidc.user_claim", null);
        String audience = settings.text("oidc.audience", null);
        try {
            return Optional.of(new OidcSettings(
                    URI.create(url),
                    id,
                    Optional.ofNullable(settings.path("oidc.client_secret", clientSecret)),
                    URI.create(reached),
                    audience == null ? id : audience,
                    claim == null ? "sub" : claim,
                    Optional.ofNullable(settings.text("oidc.require", null)).map(OidcSettings.RequiredClaim::parse)));
        } catch (IllegalArgumentException e) {
            throw UserError.usage("--oidc-issuer: " + e.getMessage());
        }
    }
}
