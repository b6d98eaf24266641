package io.unpark.analysis.place;

/**
 * The import path in a function's name as the runtime prints it: {@code net/http.(*conn).serve} is of {@code net/http}.
 * Facts from {@code cmd/internal/objabi} (dots in a path's last element are printed as {@code %2e}) and from names seen in
 * traces: type arguments and receivers may hold slashes and dots of other paths.
 */
final class PackagePath {
    private static final String VENDOR = "/vendor/";

    private PackagePath() {}

    /** The import path, or "" for functions that have none (C, assembly, what the compiler made up). */
    static String of(String function) {
        String head = function.substring(0, endOfPath(function));
        int dot = head.indexOf('.', head.lastIndexOf('/') + 1);
        return dot < 0 ? "" : unescape(head.substring(0, dot));
    }

    /** Where a receiver, type arguments or an anonymous type begin; behind that, slashes mean nothing. */
    private static int endOfPath(String function) {
        for (int i = 0; i < function.length(); i++) {
            char c = function.charAt(i);
            if (c == '[' || c == '(' || c == '{' || c == ' ') {
                return i;
            }
        }
        return function.length();
    }

    private static String unescape(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder plain = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            int code = path.charAt(i) == '%' ? hexAt(path, i + 1) : -1;
            plain.append(code < 0 ? path.charAt(i) : (char) code);
            i += code < 0 ? 0 : 2;
        }
        return plain.toString();
    }

    /** The value of two hex digits, or -1. */
    private static int hexAt(String text, int at) {
        if (at + 2 > text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    /** Somebody else's code copied under a GOPATH project: {@code a/vendor/b} is {@code b}. */
    static boolean isVendored(String path) {
        return path.contains(VENDOR);
    }

    /** The path without the project that vendored it. */
    static String withoutVendor(String path) {
        int at = path.lastIndexOf(VENDOR);
        return at < 0 ? path : path.substring(at + VENDOR.length());
    }
}
