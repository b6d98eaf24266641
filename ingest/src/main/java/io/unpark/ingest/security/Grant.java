package io.unpark.ingest.security;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One permission of somebody.
 *
 * @param namespace of the service; "" is any. Only for {@link Permission#PUSH}
 * @param service its name, with {@code *} at its end for all that begin so; "*" is any
 */
public record Grant(Permission permission, String namespace, String service) {
    /** Everything. */
    static final Grant PUSH_ANY = new Grant(Permission.PUSH, "", "*");

    static final Grant READ_ANY = new Grant(Permission.READ, "", "*");

    static final Grant MANAGE_ANY = new Grant(Permission.MANAGE, "", "*");

    /**
     * Reads {@code read}, {@code manage}, {@code push=SERVICE}, {@code push=NAMESPACE/SERVICE}; names percent-encoded where they must be.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    static Grant parse(String text) {
        String[] parts = text.split("=", 2);
        String permission = parts[0].toLowerCase(Locale.ROOT);
        if (parts.length == 1 && permission.equals("read")) {
            return READ_ANY;
        }
        if (parts.length == 1 && permission.equals("manage")) {
            return MANAGE_ANY;
        }
        if (parts.length == 2 && permission.equals("push") && !parts[1].isEmpty()) {
            int slash = parts[1].indexOf('/');
            return new Grant(
                    Permission.PUSH,
                    slash < 0 ? "" : plain(parts[1].substring(0, slash)),
                    plain(parts[1].substring(slash + 1)));
        }
        throw new IllegalArgumentException(
                "'" + text + "' is none of push=SERVICE, push=NAMESPACE/SERVICE, read, manage");
    }

    private static String plain(String encoded) {
        // A plus is a plus in a name.
        return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    boolean allowsPush(String ofNamespace, String ofService) {
        boolean named = service.endsWith("*")
                ? ofService.startsWith(service.substring(0, service.length() - 1))
                : ofService.equals(service);
        return permission == Permission.PUSH && named && (namespace.isEmpty() || namespace.equals(ofNamespace));
    }
}
