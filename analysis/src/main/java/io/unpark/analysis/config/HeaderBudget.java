package io.unpark.analysis.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a header asks for, as the agent reads it: {@code grpc-timeout} (gRPC over HTTP/2: at most 8 digits and H, M, S, m, u or n),
 * {@code x-envoy-expected-rq-timeout-ms}, {@code Request-Timeout} (a Go duration), {@code X-Request-Timeout} and any other (a bare
 * number is milliseconds, else a Go duration).
 */
public final class HeaderBudget {
    /** No budget can be read. */
    public static final long NONE = -1;

    private static final String GRPC = "grpc-timeout";
    private static final String ENVOY = "x-envoy-expected-rq-timeout-ms";
    private static final String REQUEST_TIMEOUT = "request-timeout";

    /** Headers that are understood without being configured, in lower case. */
    static final List<String> KNOWN = List.of(GRPC, ENVOY, REQUEST_TIMEOUT, "x-request-timeout");

    private static final int MAX_CHARS = 64;
    private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");
    private static final Pattern GRPC_TIMEOUT = Pattern.compile("(\\d{1,8})([HMSmun])");
    private static final Pattern GO_DURATION =
            Pattern.compile("\\+?((?:\\d+\\.?\\d*|\\.\\d+)(?:ns|us|µs|μs|ms|s|m|h))+");
    private static final Pattern GO_PART = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");

    private HeaderBudget() {}

    /** Nanoseconds from the moment that the header came; {@link #NONE} for a value that is not understood. Saturates. */
    public static long ns(String header, String value) {
        if (value.length() > MAX_CHARS) {
            return NONE;
        }
        return switch (header.toLowerCase(Locale.ROOT)) {
            case GRPC -> grpc(value);
            case ENVOY -> ms(value) > 0 ? ms(value) : NONE; // Envoy's 0 is "no timeout"
            case REQUEST_TIMEOUT -> goDuration(value);
            default -> ms(value) >= 0 ? ms(value) : goDuration(value);
        };
    }

    private static long grpc(String value) {
        Matcher m = GRPC_TIMEOUT.matcher(value);
        if (!m.matches()) {
            return NONE;
        }
        String unit = switch (m.group(2)) {
            case "H" -> "h";
            case "M" -> "m";
            case "S" -> "s";
            case "m" -> "ms";
            case "u" -> "us";
            default -> "ns";
        };
        return scaled(new BigDecimal(m.group(1)), unit);
    }

    private static long ms(String value) {
        return DIGITS.matcher(value).matches() ? scaled(new BigDecimal(value), "ms") : NONE;
    }

    private static long goDuration(String value) {
        if (value.equals("0")) {
            return 0;
        }
        if (!GO_DURATION.matcher(value).matches()) {
            return NONE;
        }
        long ns = 0;
        Matcher part = GO_PART.matcher(value);
        while (part.find()) {
            long more = scaled(new BigDecimal("0" + part.group(1)), part.group(2));
            ns = ns > Long.MAX_VALUE - more ? Long.MAX_VALUE : ns + more;
        }
        return ns;
    }

    private static long scaled(BigDecimal amount, String unit) {
        long unitNs = switch (unit) {
            case "ns" -> 1L;
            case "us", "µs", "μs" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
        BigDecimal ns = amount.multiply(BigDecimal.valueOf(unitNs)).setScale(0, RoundingMode.DOWN);
        return ns.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    }
}
