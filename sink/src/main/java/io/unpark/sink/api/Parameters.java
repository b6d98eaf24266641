package io.unpark.sink.api;

import io.javalin.http.Context;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads query parameters; what is wrong with one becomes a problem that names it. */
final class Parameters {
    private static final int VALUE_CHARS_MAX = 512;
    private static final long NS_PER_S = 1_000_000_000L;

    private final Context context;
    private final Clock clock;

    /** @param known names that may be given: a mistyped one must not silently widen the answer */
    Parameters(Context context, Clock clock, List<String> known) {
        this.context = context;
        this.clock = clock;
        context.queryParamMap().forEach((name, values) -> {
            if (!known.contains(name)) {
                throw ProblemException.badParameter(name, "unknown parameter; known are " + String.join(", ", known));
            }
            if (values.size() > 1) {
                throw ProblemException.badParameter(name, name + " is given " + values.size() + " times");
            }
            if (values.get(0).length() > VALUE_CHARS_MAX) {
                throw ProblemException.badParameter(name, name + " is longer than " + VALUE_CHARS_MAX + " characters");
            }
        });
    }

    /** Empty when it is absent or empty. */
    Optional<String> text(String name) {
        return Optional.ofNullable(context.queryParam(name)).filter(value -> !value.isEmpty());
    }

    Optional<String> oneOf(String name, Collection<String> allowed) {
        Optional<String> value = text(name).map(given -> given.toLowerCase(Locale.ROOT));
        value.filter(given -> !allowed.contains(given)).ifPresent(given -> {
            throw ProblemException.badParameter(name, given, allowed);
        });
        return value;
    }

    boolean flag(String name) {
        return oneOf(name, List.of("true", "false")).map(Boolean::parseBoolean).orElse(false);
    }

    int number(String name, int byDefault, int least, int most) {
        Optional<String> given = text(name);
        if (given.isEmpty()) {
            return byDefault;
        }
        try {
            int value = Integer.parseInt(given.get());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through: too large, or no number at all
        }
        throw ProblemException.badParameter(
                name, name + " is '" + given.get() + "', but must be a whole number from " + least + " to " + most);
    }

    /** A point in time, nanoseconds since 1970 UTC: ISO 8601, or so long ago as in {@code 15m} (s, m, h, d). */
    OptionalLong timeNs(String name) {
        Optional<String> given = text(name);
        if (given.isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong ns = instantNs(given.get());
        if (ns.isEmpty()) {
            throw ProblemException.badParameter(
                    name,
                    name + " is '" + given.get()
                            + "', but must be a time such as 2026-01-31T12:00:00Z or an age such as 15m, 2h, 7d");
        }
        return ns;
    }

    private OptionalLong instantNs(String text) {
        try {
            Instant at = TimeText.parse(text, clock);
            return OptionalLong.of(Math.addExact(Math.multiplyExact(at.getEpochSecond(), NS_PER_S), at.getNano()));
        } catch (DateTimeException | ArithmeticException e) {
            return OptionalLong.empty();
        }
    }

    /** Two points in time as {@link #timeNs} has them, with a slash between; empty when it is no such thing. */
    Optional<long[]> rangeNs(String name) {
        Optional<String> given = text(name);
        int slash = given.map(value -> value.indexOf('/')).orElse(-1);
        if (slash < 0) {
            return Optional.empty();
        }
        OptionalLong from = instantNs(given.get().substring(0, slash));
        OptionalLong to = instantNs(given.get().substring(slash + 1));
        if (from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        if (from.getAsLong() < 0 || from.getAsLong() >= to.getAsLong()) {
            throw ProblemException.badParameter(name, name + " must begin before it ends, and not before 1970");
        }
        return Optional.of(new long[] {from.getAsLong(), to.getAsLong()});
    }
}
