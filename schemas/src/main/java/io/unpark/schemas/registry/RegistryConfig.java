package io.unpark.schemas.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * How to reach a registry, by the names that Confluent's serializers use. {@link #toString} and all errors leave secrets out.
 *
 * @param urls in the order to try, without user and password
 * @param userInfo {@code user:password}; empty when there is none
 * @param autoRegister whether serializers register schemas
 * @param connectTimeout for a connection
 * @param requestTimeout for a whole answer
 * @param maxRetries rounds over all urls after the first, from 0
 * @param retryWait pause before the first retry; doubles each time up to {@link #MAX_RETRY_WAIT}
 * @param tls keys and trust of its own for https, of the settings {@code schema.registry.ssl.*}; empty is the JVM's
 */
public record RegistryConfig(
        List<URI> urls,
        Optional<String> userInfo,
        boolean autoRegister,
        Duration connectTimeout,
        Duration requestTimeout,
        int maxRetries,
        Duration retryWait,
        Optional<SSLContext> tls) {
    /** Comma-separated http or https addresses. */
    public static final String URL = "schema.registry.url";

    /** {@code true} (default) or {@code false}. */
    public static final String AUTO_REGISTER = "auto.register.schemas";

    /** {@code URL} (default: user and password in the address) or {@code USER_INFO}. */
    public static final String CREDENTIALS_SOURCE = "basic.auth.credentials.source";

    /** {@code user:password}, for {@code USER_INFO}. */
    public static final String USER_INFO = "basic.auth.user.info";

    /** Default 5,000. */
    public static final String CONNECT_TIMEOUT_MS = "http.connect.timeout.ms";

    /** Default 10,000. */
    public static final String READ_TIMEOUT_MS = "http.read.timeout.ms";

    /** Default 3. */
    public static final String MAX_RETRIES = "max.retries";

    /** Default 200. */
    public static final String RETRY_WAIT_MS = "retries.wait.ms";

    /** No pause between retries is longer. */
    public static final Duration MAX_RETRY_WAIT = Duration.ofSeconds(5);

    public RegistryConfig {
        urls = List.copyOf(urls);
    }

    /** A registry without authentication, all else by default. */
    public static RegistryConfig of(String urls) {
        return from(Map.of(URL, urls));
    }

    /** @throws ConfigException when an address is missing or a value has the wrong form; its text holds no secret */
    public static RegistryConfig from(Map<String, ?> configs) {
        List<URI> given = urls(text(configs, URL).orElse(""));
        return new RegistryConfig(
                given.stream().map(RegistryConfig::withoutUserInfo).toList(),
                userInfo(configs, given),
                flag(configs, AUTO_REGISTER, true),
                Duration.ofMillis(number(configs, CONNECT_TIMEOUT_MS, 5_000, 1)),
                Duration.ofMillis(number(configs, READ_TIMEOUT_MS, 10_000, 1)),
                number(configs, MAX_RETRIES, 3, 0),
                Duration.ofMillis(number(configs, RETRY_WAIT_MS, 200, 0)),
                RegistryTls.of(configs));
    }

    @Override
    public String toString() {
        return "RegistryConfig" + urls + (userInfo.isPresent() ? " with credentials" : "");
    }

    private static List<URI> urls(String commaSeparated) {
        List<URI> urls = new ArrayList<>();
        for (String url :
                Arrays.stream(commaSeparated.split(",")).map(String::strip).toList()) {
            if (!url.isEmpty()) {
                urls.add(uri(url));
            }
        }
        if (urls.isEmpty()) {
            throw new ConfigException("missing " + URL);
        }
        return urls;
    }

    private static URI uri(String url) {
        try {
            URI uri = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // falls through: the exception's text would repeat a password
        }
        throw new ConfigException(URL + " must be http or https addresses, separated by commas");
    }

    private static URI withoutUserInfo(URI uri) {
        return URI.create(uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                + uri.getRawPath());
    }

    private static Optional<String> userInfo(Map<String, ?> configs, List<URI> urls) {
        String source = text(configs, CREDENTIALS_SOURCE).orElse("URL");
        return switch (source) {
            case "URL" ->
                urls.stream().map(URI::getUserInfo).filter(info -> info != null).findFirst();
            case "USER_INFO" ->
                Optional.of(text(configs, USER_INFO)
                        .or(() -> text(configs, "schema.registry." + USER_INFO))
                        .orElseThrow(() -> new ConfigException(
                                CREDENTIALS_SOURCE + " is USER_INFO, but " + USER_INFO + " is missing")));
            default -> throw new ConfigException(CREDENTIALS_SOURCE + " must be URL or USER_INFO");
        };
    }

    private static boolean flag(Map<String, ?> configs, String name, boolean byDefault) {
        return switch (text(configs, name).orElse(Boolean.toString(byDefault))) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ConfigException(name + " must be true or false");
        };
    }

    private static int number(Map<String, ?> configs, String name, int byDefault, int least) {
        try {
            int value = text(configs, name).map(Integer::parseInt).orElse(byDefault);
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through: too large, or no number at all
        }
        throw new ConfigException(name + " must be a whole number from " + least);
    }

    private static Optional<String> text(Map<String, ?> configs, String name) {
        Object value = configs.get(name);
        String text = value instanceof Password secret ? secret.value() : value == null ? "" : value.toString();
        return Optional.of(text.strip()).filter(stripped -> !stripped.isEmpty());
    }
}
