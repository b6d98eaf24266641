package io.unpark.ingest.capture;

import io.javalin.http.Context;
import io.unpark.ingest.capture.CaptureWish.AskedBy;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads and checks what a request says, in its query and headers. */
final class CaptureParameters {
    private static final int MAX_CHARS = 200;
    private static final int DEFAULT_SECONDS = 5;
    private static final String DEFAULT_REASON = "operator";

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");
    private static final Pattern ID = Pattern.compile("[a-z0-9]{1,32}");
    private static final Pattern WORD = Pattern.compile("[a-z_]{1,32}");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final Pattern COUNT = Pattern.compile("\\d{1,15}");

    private CaptureParameters() {}

    static CaptureWish wish(Context context, CaptureLimits limits) throws CaptureRefusedException {
        String instance = text(context, "instance");
        String reason = text(context, "reason");
        if (!reason.isEmpty() && !CaptureWish.isReason(reason)) {
            throw bad("parameter reason must be a word: 1 to 64 visible ASCII characters without blanks");
        }
        CaptureKind kind = kind(context);
        return new CaptureWish(
                text(context, "namespace"),
                named(context, "service"),
                Optional.of(instance).filter(it -> !it.isEmpty()),
                number(context, "agents", 1, limits.maxAgentsAsked(), 1),
                kind,
                kind.lasts() ? number(context, "seconds", 0, limits.maxSeconds(), DEFAULT_SECONDS) : 0,
                reason.isEmpty() ? DEFAULT_REASON : reason,
                AskedBy.OPERATOR);
    }

    private static CaptureKind kind(Context context) throws CaptureRefusedException {
        String name = text(context, "kind");
        return CaptureKind.named(name.isEmpty() ? CaptureKind.TRACE.key() : name)
                .orElseThrow(() -> bad("parameter kind must be trace, heap, goroutine or goroutineleak, or left out"));
    }

    static AgentKey agent(Context context) throws CaptureRefusedException {
        return new AgentKey(text(context, "namespace"), named(context, "service"), named(context, "instance"));
    }

    /** What an agent says of its last command: {@code took=ID}, with {@code refused=WORD} when it does nothing. */
    static Optional<AgentAnswer> answer(Context context) throws CaptureRefusedException {
        String id = text(context, "took");
        String refusal = text(context, "refused");
        if (id.isEmpty()) {
            return Optional.empty();
        }
        if (!ID.matcher(id).matches()
                || !refusal.isEmpty() && !WORD.matcher(refusal).matches()) {
            throw bad("parameter took must be an id of letters and digits, refused a word of letters and _");
        }
        return Optional.of(new AgentAnswer(id, refusal));
    }

    /** "" for what is no id. */
    static String id(String header) {
        return header != null && ID.matcher(header).matches() ? header : "";
    }

    /** 0 for what is no count. */
    static long count(String header) {
        return header != null && COUNT.matcher(header).matches() ? Long.parseLong(header) : 0;
    }

    static int number(Context context, String name, int least, int most, int absent) throws CaptureRefusedException {
        String text = context.queryParam(name);
        if (text == null) {
            return absent;
        }
        int value = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : -1;
        if (value < least || value > most) {
            throw bad("parameter " + name + " must be a whole number from " + least + " to " + most);
        }
        return value;
    }

    private static String named(Context context, String name) throws CaptureRefusedException {
        String value = text(context, name);
        if (value.isEmpty()) {
            throw bad("parameter " + name + " is missing");
        }
        return value;
    }

    private static String text(Context context, String name) throws CaptureRefusedException {
        String value = context.queryParam(name);
        if (value == null) {
            return "";
        }
        if (value.length() > MAX_CHARS) {
            throw bad("parameter " + name + " has " + value.length() + " characters, at most " + MAX_CHARS
                    + " are allowed");
        }
        if (!value.equals(value.strip()) || CONTROL.matcher(value).find()) {
            throw bad("parameter " + name + " may have no control characters, and no blanks at its ends");
        }
        return value;
    }

    private static CaptureRefusedException bad(String message) {
        return CaptureRefusedException.of(CaptureRefusal.BAD_PARAMETER, message);
    }
}
