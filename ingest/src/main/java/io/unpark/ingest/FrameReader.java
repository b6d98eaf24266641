package io.unpark.ingest;

import io.unpark.ingest.RaceDraft.FrameDraft;
import io.unpark.ingest.RaceDraft.Section;
import java.util.regex.Matcher;

/**
 * Reads the frames of a report, each two lines: {@code function()} indented by two, {@code file:line +0xoffset} by six.
 * Goroutine dumps and indented log lines look alike, so the indentation of the report's own frames is held to.
 */
final class FrameReader {
    private static final int FUNCTION_INDENT = 2;
    private static final int FILE_INDENT = 6;

    private String reportPrefix;
    private String markerPrefix;
    private int functionIndent = FUNCTION_INDENT;
    private int fileIndent = FILE_INDENT;
    private boolean indentLearned;

    private String function;
    private int pendingIndent;
    /** A function's name at the end of the line before this one, after something that another writer had not ended. */
    private String gluedFunction;

    /** A marker's prefix; the one of the fewest words is the report's. */
    void learn(String prefix) {
        reportPrefix = canBeOurs(prefix) ? prefix : reportPrefix;
        markerPrefix = prefix;
    }

    /** The report has no header, or it is not this one's. */
    void forget() {
        reportPrefix = null;
        markerPrefix = null;
    }

    void reset() {
        forget();
        functionIndent = FUNCTION_INDENT;
        fileIndent = FILE_INDENT;
        indentLearned = false;
        function = null;
        gluedFunction = null;
    }

    /** Whether a function's name waits for its file. */
    boolean pending() {
        return function != null;
    }

    /** Whether what stands in front of a marker can be this report's prefix: who quotes a report puts more in front. */
    boolean canBeOurs(String prefix) {
        return reportPrefix == null || tokens(prefix) <= tokens(reportPrefix);
    }

    /** The line without the report's prefix, as far as it has it. */
    String strip(String line) {
        String rest = markerPrefix == null ? line : withoutPrefix(markerPrefix, line);
        return rest == null ? line : rest;
    }

    /** The frame that the line completes, or null. */
    FrameDraft read(String line, boolean wrapped) {
        FrameDraft frame = null;
        boolean taken = false;
        for (String content : new String[] {candidate(markerPrefix, line), candidate(reportPrefix, line), line}) {
            if (content != null && !taken) {
                boolean flatAllowed = wrapped || content.length() < line.length();
                frame = file(content, flatAllowed);
                taken = frame != null || function(content, flatAllowed);
            }
        }
        gluedFunction = taken ? null : glued(line);
        return frame;
    }

    /** Another section began. */
    void forgetPending() {
        function = null;
        gluedFunction = null;
    }

    /** Gives the section a frame whose second line did not come because the log ends there. */
    void flush(Section section, int maxFrames) {
        if (function != null
                && section != null
                && section.frames.size() < maxFrames
                && pendingIndent == functionIndent) {
            section.frames.add(new FrameDraft(function, "", 0, ""));
        }
        forgetPending();
    }

    private FrameDraft file(String content, boolean flatAllowed) {
        Matcher match = RaceGrammar.file(content);
        if (match == null) {
            return null;
        }
        int indent = match.end("indent");
        String name = function == null ? gluedFunction : function;
        int nameIndent = function == null ? functionIndent : pendingIndent;
        if (name == null || !fits(nameIndent, indent, flatAllowed)) {
            return null;
        }
        functionIndent = nameIndent;
        fileIndent = indent;
        indentLearned = true;
        function = null;
        return new FrameDraft(name, match.group("file"), Integer.parseInt(match.group("line")), match.group("offset"));
    }

    private boolean function(String content, boolean flatAllowed) {
        int start = RaceGrammar.functionStart(content);
        if (start < 0
                || (start == 0 && !flatAllowed)
                || (indentLearned && start != functionIndent && start != FUNCTION_INDENT)) {
            return false;
        }
        function = content.substring(start, RaceGrammar.functionEnd(content));
        pendingIndent = start;
        return true;
    }

    private boolean fits(int nameIndent, int indent, boolean flatAllowed) {
        if (nameIndent == FUNCTION_INDENT && indent == FILE_INDENT) {
            return true;
        }
        if (indentLearned) {
            return nameIndent == functionIndent && indent == fileIndent;
        }
        return flatAllowed ? indent >= nameIndent : indent > nameIndent;
    }

    /** The last word of a line, when it is a function's name after the blanks of a frame. */
    private static String glued(String line) {
        int end = RaceGrammar.functionEnd(line);
        int blanks = end < 0 ? -1 : line.lastIndexOf("  ", end);
        if (blanks <= 0) {
            return null;
        }
        String tail = line.substring(blanks);
        int start = RaceGrammar.functionStart(tail);
        return start < 0 ? null : tail.substring(start, RaceGrammar.functionEnd(tail));
    }

    /** What follows the prefix, or something shaped like it; null when the line has no such prefix. */
    private static String candidate(String prefix, String line) {
        return prefix == null || prefix.isEmpty() ? null : withoutPrefix(prefix, line);
    }

    private static String withoutPrefix(String prefix, String line) {
        if (line.startsWith(prefix)) {
            return line.substring(prefix.length());
        }
        int gapStart = prefix.stripTrailing().length();
        if (gapStart == 0 || gapStart == prefix.length()) {
            return null;
        }
        int at = skipTokens(line, tokens(prefix));
        String gap = prefix.substring(gapStart);
        return at >= 0 && line.startsWith(gap, at) ? line.substring(at + gap.length()) : null;
    }

    private static int tokens(String text) {
        int count = 0;
        boolean blank = true;
        for (int i = 0; i < text.length(); i++) {
            boolean now = Character.isWhitespace(text.charAt(i));
            count += blank && !now ? 1 : 0;
            blank = now;
        }
        return count;
    }

    private static int skipTokens(String line, int count) {
        int at = 0;
        for (int i = 0; i < count; i++) {
            while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
                at++;
            }
            if (at == line.length()) {
                return -1;
            }
            while (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
                at++;
            }
        }
        return at;
    }
}
