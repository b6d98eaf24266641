package io.unpark.trace;

import io.unpark.trace.TraceFormatException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Recognises a trace by its first bytes; else says what they look like. */
final class HeaderReader {
    private static final Set<Integer> KNOWN = Set.of(22, 23, 25, 26);
    private static final int FIRST_V2 = 22;
    private static final int NONE = -1;
    private static final int MAX_DIGITS = 3;
    private static final byte[] PREFIX = "go 1.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SUFFIX = " trace".getBytes(StandardCharsets.US_ASCII);

    private HeaderReader() {}

    /**
     * @param first the input's first {@link TraceHeader#LENGTH} bytes, or all of it when it is shorter
     */
    static TraceHeader read(byte[] first) throws TraceFormatException {
        if (first.length == 0) {
            throw refuse(Reason.EMPTY, "the input is empty: no trace was recorded, or nothing was sent");
        }
        int minor = first.length < TraceHeader.LENGTH ? NONE : minor(first);
        if (minor == NONE) {
            throw startsLikeTrace(first)
                    ? refuse(Reason.TRUNCATED, "the trace ends inside its header, after " + first.length + " bytes")
                    : refuse(Reason.NOT_A_TRACE, "not a Go execution trace: looks like " + guess(first));
        }
        if (minor < FIRST_V2) {
            throw refuse(
                    Reason.OLD_FORMAT,
                    "a trace in the format of Go 1." + minor
                            + "; supported are Go 1.22 to 1.26: build the service with Go 1.22 or newer, or open the file with"
                            + " go tool trace");
        }
        if (!KNOWN.contains(minor)) {
            throw refuse(
                    Reason.UNKNOWN_VERSION,
                    "a trace in the format of Go 1." + minor
                            + ", which this version does not know; supported are the formats"
                            + " of Go 1.22, 1.23, 1.25 and 1.26");
        }
        return new TraceHeader(minor);
    }

    /** The number in {@code go 1.NN trace}, which zeros follow. By hand: a regular expression takes long to start. */
    private static int minor(byte[] first) {
        int pos = PREFIX.length;
        int minor = 0;
        while (pos < PREFIX.length + MAX_DIGITS && first[pos] >= '0' && first[pos] <= '9') {
            minor = 10 * minor + first[pos++] - '0';
        }
        int end = pos + SUFFIX.length;
        boolean header = pos > PREFIX.length
                && Arrays.equals(first, 0, PREFIX.length, PREFIX, 0, PREFIX.length)
                && Arrays.equals(first, pos, end, SUFFIX, 0, SUFFIX.length);
        for (int i = end; i < TraceHeader.LENGTH; i++) {
            header &= first[i] == 0;
        }
        return header ? minor : NONE;
    }

    private static boolean startsLikeTrace(byte[] first) {
        int n = Math.min(first.length, PREFIX.length);
        return first.length < TraceHeader.LENGTH && Arrays.equals(first, 0, n, PREFIX, 0, n);
    }

    private static String guess(byte[] b) {
        if (startsWith(b, 0x1f, 0x8b)) {
            return "gzip data (a compressed trace, or a pprof profile): decompress it first";
        }
        if (startsWith(b, 0x28, 0xb5, 0x2f, 0xfd)) {
            return "zstd data: decompress it first";
        }
        if (startsWith(b, 0xfd, '7', 'z', 'X', 'Z')) {
            return "xz data: decompress it first";
        }
        if (startsWith(b, 'P', 'K')) {
            return "a zip archive";
        }
        if (startsWith(b, 0x7f, 'E', 'L', 'F')) {
            return "a program (ELF)";
        }
        return guessText(b);
    }

    private static String guessText(byte[] b) {
        String text = new String(b, StandardCharsets.UTF_8);
        if (text.chars().anyMatch(c -> c == 0xfffd || c < ' ' && !Character.isWhitespace(c))) {
            return "binary data of another kind";
        }
        String start = text.strip().toLowerCase(Locale.ROOT);
        if (start.startsWith("<")) {
            return "HTML or XML, perhaps an error page instead of the trace";
        }
        if (start.startsWith("{") || start.startsWith("[")) {
            return "JSON";
        }
        return "text: \"" + text.strip().lines().findFirst().orElse("") + "…\"";
    }

    private static boolean startsWith(byte[] b, int... expected) {
        for (int i = 0; i < expected.length; i++) {
            if (i >= b.length || (b[i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static TraceFormatException refuse(Reason reason, String message) {
        return new TraceFormatException(reason, 0, 0, message);
    }
}
