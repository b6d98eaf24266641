package io.unpark.ingest.security;

import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.InetAddressSet;

/**
 * Proxies that know who somebody is and say so in a header. From any other address the header says nothing.
 *
 * @param header its name
 * @param addresses of the proxies: single ones, or ranges as {@code 10.0.0.0/8}
 */
public record TrustedProxies(String header, List<String> addresses) {
    private static final int MAX_NAME_CHARS = 200;
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,100}");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    /** @throws IllegalArgumentException that says what is no header or no address */
    public TrustedProxies {
        addresses = List.copyOf(addresses);
        if (!HEADER.matcher(header).matches()) {
            throw new IllegalArgumentException("'" + header + "' is no name of a header");
        }
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a header of a proxy needs the proxies' addresses");
        }
        set(addresses);
    }

    private static InetAddressSet set(List<String> addresses) {
        InetAddressSet set = new InetAddressSet();
        addresses.forEach(set::add);
        return set;
    }

    /** Who it is, if the request comes from a proxy and that says so. */
    Optional<String> user(Context context) throws RefusedRequest {
        List<String> values = Collections.list(context.req().getHeaders(header));
        if (values.isEmpty() || !isProxy(context.req().getRemoteAddr())) {
            return Optional.empty();
        }
        String name = values.get(0).strip();
        // Two would mean that the proxy lets through what its client says.
        if (values.size() > 1
                || name.length() > MAX_NAME_CHARS
                || CONTROL.matcher(name).find()) {
            throw RefusedRequest.forbidden("the proxy's " + header + " is no single name");
        }
        return Optional.of(name).filter(it -> !it.isEmpty());
    }

    private boolean isProxy(String address) {
        try {
            // An address, so nobody is asked for a name.
            return set(addresses).test(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
