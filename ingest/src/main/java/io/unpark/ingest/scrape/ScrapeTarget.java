package io.unpark.ingest.scrape;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One process to scrape, and whose data it gives.
 *
 * @param job name of the job that it belongs to
 * @param base where its endpoints' paths begin, without a slash at the end
 * @param namespace label {@code namespace}; may be empty
 * @param service label {@code service}, else {@code job}, which is the job's name unless a label says otherwise
 * @param instance label {@code instance}, else the address
 * @param version label {@code version}; may be empty
 */
public record ScrapeTarget(String job, URI base, String namespace, String service, String instance, String version) {
    private static final int MAX_CHARS = 200;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");
    private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~-]{1,100}){0,20}");

    /**
     * Of an address and its labels. {@code __scheme__} and {@code __path_prefix__} are understood among these; other labels
     * that begin with two underscores are for whoever made them.
     *
     * @param address {@code host:port}
     * @throws IllegalArgumentException that says what is wrong with it
     */
    public static ScrapeTarget of(String job, String scheme, String address, Map<String, String> labels) {
        Map<String, String> all = new HashMap<>(Map.of("job", job, "instance", address, "__scheme__", scheme));
        labels.forEach((name, value) -> {
            if (!value.isEmpty()) {
                all.put(name, value);
            }
        });
        return new ScrapeTarget(
                job,
                base(all.get("__scheme__"), address, all.getOrDefault("__path_prefix__", "")),
                text(all, "namespace"),
                all.containsKey("service") ? text(all, "service") : text(all, "job"),
                text(all, "instance"),
                text(all, "version"));
    }

    /** Tells it from all others of this collector. */
    public String id() {
        return job + " " + base;
    }

    /** Where to fetch. */
    URI uri(String pathAndQuery) {
        return URI.create(base + pathAndQuery);
    }

    private static URI base(String scheme, String address, String prefix) {
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("the scheme is neither http nor https");
        }
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("__path_prefix__ is no plain path such as /admin");
        }
        try {
            URI uri = new URI(scheme + "://" + address).parseServerAuthority();
            boolean plain = uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            if (plain && uri.getPort() <= 65_535 && uri.getPort() != 0) {
                return URI.create(uri + prefix);
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the address is not host:port", e);
        }
        throw new IllegalArgumentException("the address is not host:port");
    }

    private static String text(Map<String, String> labels, String name) {
        String value = labels.getOrDefault(name, "");
        if (value.length() > MAX_CHARS
                || !value.equals(value.strip())
                || CONTROL.matcher(value).find()) {
            throw new IllegalArgumentException("label " + name + " must have at most " + MAX_CHARS
                    + " characters, no control characters, and no blanks at its ends");
        }
        return value;
    }
}
