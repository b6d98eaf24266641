package io.unpark.ingest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of a race-detector report. The wording is that of the Go build of ThreadSanitizer ({@code tsan_report.cpp}),
 * which writes each line, or pair of lines of a frame, in one call: other writers may come between those calls.
 */
final class RaceGrammar {
    static final String SEPARATOR = "==================";
    static final String HEADER = "WARNING: DATA RACE";
    static final String RESTORE_FAILED = "[failed to restore the stack]";

    /** Longest content line looked at: names of generic functions are long, but not longer. */
    private static final int MAX_CONTENT_CHARS = 16 << 10;

    private static final String OPERATION =
            "(?<operation>(?<previous>Previous )(?:atomic )?(?:read|write)" + "|Atomic (?:read|write)|Read|Write)";
    private static final Pattern ACCESS = Pattern.compile(OPERATION
            + "(?: at (?<address>0x[0-9a-fA-F]+))? by (?:(?<main>main goroutine)|goroutine (?<id>\\d{1,18})):\\s*$");
    /** An access of which another writer's line cut off the end. */
    private static final Pattern ACCESS_START = Pattern.compile(OPERATION + " at (?<address>0x[0-9a-fA-F]+) by(?: |$)");

    private static final Pattern ACCESS_END =
            Pattern.compile("^(?:(?<main>main goroutine)|goroutine (?<id>\\d{1,18})):\\s*$");
    private static final Pattern ORIGIN =
            Pattern.compile("Goroutine (?<id>\\d{1,18}) \\((?<state>running|finished)\\) created at:\\s*$");
    private static final Pattern FOUND = Pattern.compile("Found (?<count>\\d{1,9}) data race\\(s\\)\\s*$");
    private static final Pattern OTHER_SECTION =
            Pattern.compile("(?:Heap block of size \\d+ at 0x[0-9a-f]+ allocated by (?:main goroutine|goroutine \\d+):"
                    + "|Global var .{1,1000} of size \\d+ at 0x[0-9a-f]+ declared at .{1,1000}:\\d+"
                    + "|Mutex \\d+ was previously locked here:)\\s*$");
    private static final Pattern FILE = Pattern.compile(
            "^(?<indent>\\s*)(?<file>\\S.*):(?<line>\\d{1,9}) (?<offset>\\+(?:0(?:x[0-9a-f]*)?)?)\\s*$");

    private RaceGrammar() {}

    /** One recognised line: what it is, where it starts in the text, and its match. */
    record Marker(Type type, int start, Matcher match) {}

    /** What a line can be, frames aside. */
    enum Type {
        SEPARATOR,
        HEADER,
        ACCESS,
        ACCESS_START,
        ORIGIN,
        OTHER_SECTION,
        RESTORE_FAILED,
        FOUND
    }

    /** The marker in the line, or null; cheap on lines that have none. */
    static Marker marker(String line) {
        int length = line.length();
        if (length < 10 || length > MAX_CONTENT_CHARS) {
            return null;
        }
        String text = line.stripTrailing();
        if (text.endsWith(SEPARATOR)) {
            return separator(text);
        }
        int header = line.indexOf(HEADER);
        if (header >= 0) {
            Marker cut = line.contains(" by") ? access(line) : null;
            return cut != null && cut.start() < header ? cut : new Marker(Type.HEADER, header, null);
        }
        if (text.endsWith(RESTORE_FAILED)) {
            return new Marker(Type.RESTORE_FAILED, text.length() - RESTORE_FAILED.length(), null);
        }
        return matched(line, text);
    }

    private static Marker matched(String line, String text) {
        if (line.contains(" by")) {
            // "allocated by goroutine 1:" ends as an access does, so it is looked for first.
            Marker marker = text.endsWith(":") ? find(Type.OTHER_SECTION, OTHER_SECTION, line) : null;
            return marker == null ? access(line) : marker;
        }
        if (text.endsWith("created at:")) {
            return find(Type.ORIGIN, ORIGIN, line);
        }
        if (text.endsWith("race(s)")) {
            return find(Type.FOUND, FOUND, line);
        }
        return line.contains("Global var ") || line.contains("Mutex ")
                ? find(Type.OTHER_SECTION, OTHER_SECTION, line)
                : null;
    }

    private static Marker access(String line) {
        Marker whole = find(Type.ACCESS, ACCESS, line);
        Marker start = find(Type.ACCESS_START, ACCESS_START, line);
        // A cut access may be followed by a line that quotes a whole one.
        return whole == null || (start != null && start.start() < whole.start()) ? start : whole;
    }

    private static Marker separator(String text) {
        int start = text.length() - SEPARATOR.length();
        return start > 0 && text.charAt(start - 1) == '=' ? null : new Marker(Type.SEPARATOR, start, null);
    }

    private static Marker find(Type type, Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.find() ? new Marker(type, matcher.start(), matcher) : null;
    }

    /** Whether a text of unknown origin holds a report's line. */
    static boolean canBeReport(String text) {
        return marker(text) != null || file(text) != null || functionStart(text) >= 0 || accessEnd(text) != null;
    }

    /** The rest of an access line that another line had cut in two, or null. */
    static Matcher accessEnd(String line) {
        if (line.length() > 100 || !line.contains("goroutine")) {
            return null;
        }
        Matcher matcher = ACCESS_END.matcher(line);
        return matcher.matches() ? matcher : null;
    }

    /** A frame's second line, {@code file:line +0xoffset}, or null. */
    static Matcher file(String line) {
        if (line.length() > MAX_CONTENT_CHARS || !line.contains(" +")) {
            return null;
        }
        Matcher matcher = FILE.matcher(line);
        return matcher.matches() ? matcher : null;
    }

    /** Where the function's name starts if the line is a frame's first, {@code function()}; else -1. */
    static int functionStart(String line) {
        int end = functionEnd(line);
        if (end <= 0 || line.length() > MAX_CONTENT_CHARS) {
            return -1;
        }
        int start = leadingWhitespace(line);
        return isName(line, start, end) ? start : -1;
    }

    /** Index after the name, without the "()"; -1 when the line does not end so. */
    static int functionEnd(String line) {
        int end = line.length();
        while (end > 0 && Character.isWhitespace(line.charAt(end - 1))) {
            end--;
        }
        return end > 2 && line.charAt(end - 1) == ')' && line.charAt(end - 2) == '(' ? end - 2 : -1;
    }

    static int leadingWhitespace(String line) {
        int start = 0;
        while (start < line.length() && Character.isWhitespace(line.charAt(start))) {
            start++;
        }
        return start;
    }

    /** A linker symbol: no blank outside brackets, which type arguments may hold ({@code main.F[struct { a int }]}). */
    private static boolean isName(String line, int start, int end) {
        int depth = 0;
        for (int i = start; i < end; i++) {
            char c = line.charAt(i);
            if (c == '[' || c == '(' || c == '{') {
                depth++;
            } else if (c == ']' || c == ')' || c == '}') {
                depth--;
            } else if (depth == 0 && (Character.isWhitespace(c) || c == '"' || c == '=')) {
                return false;
            }
            if (depth < 0) {
                return false;
            }
        }
        return depth == 0 && end > start;
    }
}
