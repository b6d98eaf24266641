package io.unpark.ingest;

import io.javalin.http.Context;
import io.unpark.schemas.record.Instance;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/** Reads and checks what a push says about itself, in its query and headers. */
final class PushParameters {
    static final String CAPTURE_HEADER = "Unpark-Capture";
    static final String SEQUENCE_HEADER = "Unpark-Sequence";

    /** Long enough for a pod's name and namespace together. */
    private static final int MAX_CHARS = 200;

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");
    private static final Pattern CAPTURE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern SEQUENCE = Pattern.compile("\\d{1,15}");

    private PushParameters() {}

    static TraceSource traceSource(Context context, LongSupplier nowUnixNs) throws RefusedException {
        Optional<String> capture = Optional.ofNullable(context.header(CAPTURE_HEADER));
        if (capture.isPresent() && !CAPTURE.matcher(capture.get()).matches()) {
            throw bad("header " + CAPTURE_HEADER + " must be 1 to 64 letters, digits, dots, underscores and hyphens");
        }
        return new TraceSource(
                optional(context, "namespace"),
                service(context),
                instance(context),
                optional(context, "version"),
                capture,
                sequence(context, capture.isPresent()),
                nowUnixNs,
                -1);
    }

    /** Of a push that has no capture: without a name, all that is pushed of a service is taken for that of one process. */
    static Instance process(Context context) throws RefusedException {
        String service = service(context);
        return new Instance(
                optional(context, "namespace"),
                service,
                instance(context).orElse(service),
                optional(context, "version"));
    }

    static String service(Context context) throws RefusedException {
        String service = optional(context, "service");
        if (service.isEmpty()) {
            throw bad("parameter service is missing: say whose data it is, as in ?service=orders");
        }
        return service;
    }

    static Optional<String> instance(Context context) throws RefusedException {
        return Optional.of(optional(context, "instance")).filter(name -> !name.isEmpty());
    }

    static String optional(Context context, String name) throws RefusedException {
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

    private static OptionalLong sequence(Context context, boolean captureNamed) throws RefusedException {
        String sequence = context.header(SEQUENCE_HEADER);
        if (sequence == null) {
            return OptionalLong.empty();
        }
        if (!captureNamed || !SEQUENCE.matcher(sequence).matches()) {
            throw bad("header " + SEQUENCE_HEADER + " must be a number, and needs " + CAPTURE_HEADER);
        }
        return OptionalLong.of(Long.parseLong(sequence));
    }

    private static RefusedException bad(String message) {
        return new RefusedException(Refusal.BAD_PARAMETER, message);
    }
}
