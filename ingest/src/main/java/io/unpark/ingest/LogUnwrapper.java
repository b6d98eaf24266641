package io.unpark.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes off what containers and loggers put around a line: terminal colours, the process names of compose and kubectl,
 * JSON (Docker's json-file, {@code go test -json}, loggers, journald), and logfmt. Wrappers may be nested.
 * Plain prefixes such as timestamps stay; {@link RaceAssembler} learns them from the report itself.
 */
final class LogUnwrapper {
    private static final int MAX_NESTING = 4;
    private static final int MAX_LINES = 100_000;

    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;?]{0,20}[A-Za-z]");
    private static final Pattern COMPOSE = Pattern.compile("^(?<name>[\\w.-]{1,200}) +\\| ?");
    private static final Pattern KUBECTL = Pattern.compile("^(?<name>\\[pod/[^\\]]{1,500}\\]) ");
    private static final Pattern LOGFMT = Pattern.compile(
            "(?:^|\\s)(?:msg|message|log|line|text)=(?:\"(?<quoted>(?:[^\"\\\\]|\\\\.)*+)(?<end>\"?)|(?<bare>\\S+))");
    private static final Pattern CUT_JSON = Pattern.compile(
            "\"(?:log|msg|message|Message|MESSAGE|Output|line|text)\"\\s*:\\s*\"(?<value>(?:[^\"\\\\]|\\\\.)*+)$");

    private LogUnwrapper() {}

    static LogEntry unwrap(String physicalLine) {
        String line = physicalLine.indexOf('\u001b') < 0
                ? physicalLine
                : COLOUR.matcher(physicalLine).replaceAll("");
        String stream = "";
        long unixNs = 0;
        boolean wrapped = false;
        List<String> cut = new ArrayList<>(0);
        for (int depth = 0; depth < MAX_NESTING; depth++) {
            Matcher name = processName(line);
            if (name != null) {
                stream = stream + name.group("name") + " ";
                line = line.substring(name.end());
            }
            Optional<JsonLogLine> json = json(line);
            if (json.isPresent()) {
                JsonLogLine parsed = json.get();
                String before = line.substring(0, line.indexOf('{'));
                keepMarker(before, cut);
                unixNs = unixNs == 0 ? LogTimes.inText(before) : unixNs;
                stream = stream + parsed.stream();
                unixNs = unixNs == 0 ? parsed.unixNs() : unixNs;
                line = parsed.text();
            } else {
                Matcher logfmt = logfmt(line);
                if (logfmt == null) {
                    break;
                }
                keepMarker(line.substring(0, logfmt.start()), cut);
                unixNs = unixNs == 0 ? LogTimes.inText(line.substring(0, Math.min(100, line.length()))) : unixNs;
                line = logfmt.group("quoted") == null ? logfmt.group("bare") : Escapes.undo(logfmt.group("quoted"));
            }
            wrapped = true;
        }
        cut.addAll(lines(line));
        return new LogEntry(stream, unixNs, wrapped, cut);
    }

    /** What stands before a wrapped line is a prefix, unless the detector was interrupted in the middle of a line. */
    private static void keepMarker(String before, List<String> lines) {
        if (RaceGrammar.marker(before) != null) {
            lines.add(before);
        }
    }

    private static List<String> lines(String text) {
        if (text.indexOf('\n') < 0) {
            return List.of(text);
        }
        String[] lines = text.split("\r?\n", MAX_LINES);
        // A wrapper's text usually ends with the line's own end.
        return Arrays.asList(lines).subList(0, lines[lines.length - 1].isEmpty() ? lines.length - 1 : lines.length);
    }

    private static Matcher processName(String line) {
        Matcher matcher = line.startsWith("[pod/") ? KUBECTL.matcher(line) : COMPOSE.matcher(line);
        return matcher.lookingAt() ? matcher : null;
    }

    private static Optional<JsonLogLine> json(String line) {
        int brace = line.indexOf('{');
        if (brace < 0 || line.indexOf('"', brace) < 0) {
            return Optional.empty();
        }
        String text = line.stripTrailing();
        int next = RaceGrammar.leadingWhitespace(text.substring(brace + 1)) + brace + 1;
        if (next >= text.length() || text.charAt(next) != '"') {
            return Optional.empty();
        }
        if (text.endsWith("}")) {
            return JsonLogLine.parse(text.substring(brace));
        }
        Matcher cut = CUT_JSON.matcher(text);
        return cut.find()
                ? Optional.of(new JsonLogLine(Escapes.undo(cut.group("value")), "", 0))
                : JsonLogLine.parse(text.substring(brace));
    }

    private static Matcher logfmt(String line) {
        Matcher matcher = LOGFMT.matcher(line);
        return line.indexOf('=') >= 0 && matcher.find() ? matcher : null;
    }

    /** The escapes that JSON and Go's %q share, and those that only Go has. */
    private static final class Escapes {
        private static final Map<Character, Character> PLAIN =
                Map.of('n', '\n', 't', '\t', 'r', '\r', 'b', '\b', 'f', '\f', '"', '"', '\\', '\\', '/', '/');

        static String undo(String text) {
            if (text.indexOf('\\') < 0) {
                return text;
            }
            StringBuilder out = new StringBuilder(text.length());
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c != '\\' || i + 1 == text.length()) {
                    out.append(c);
                    continue;
                }
                char kind = text.charAt(++i);
                Character plain = PLAIN.get(kind);
                int digits = kind == 'u' ? 4 : kind == 'x' ? 2 : 0;
                int value = plain == null && digits > 0 ? hex(text, i + 1, digits) : -1;
                if (plain != null) {
                    out.append(plain.charValue());
                } else if (value >= 0) {
                    out.append((char) value);
                    i += digits;
                } else {
                    out.append('\\').append(kind);
                }
            }
            return out.toString();
        }

        private static int hex(String text, int from, int digits) {
            int value = 0;
            for (int i = from; i < from + digits; i++) {
                int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
                if (digit < 0) {
                    return -1;
                }
                value = value << 4 | digit;
            }
            return value;
        }
    }
}
