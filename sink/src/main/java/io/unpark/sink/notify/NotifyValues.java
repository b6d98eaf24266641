package io.unpark.sink.notify;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Single values of the section, checked. All throw {@link NotifyConfigException} with the key. */
final class NotifyValues {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,7})(ms|s|m|h|d)");

    private NotifyValues() {}

    static NotifyConfigException mistake(String key, String what) {
        return new NotifyConfigException("'" + key + "': " + what);
    }

    /** Reads an item of a list; {@code path} is for mistakes. */
    interface ItemReader<A, B> {
        B read(String path, A item);
    }

    static <A, B> List<B> each(String key, List<A> items, ItemReader<A, B> reader) {
        List<A> all = items == null ? List.of() : items;
        return IntStream.range(0, all.size())
                .mapToObj(i -> {
                    String path = key + "[" + i + "]";
                    if (all.get(i) == null) {
                        throw mistake(path, "is empty");
                    }
                    return reader.read(path, all.get(i));
                })
                .toList();
    }

    static URI url(String key, String text) {
        try {
            return ReceiverUrl.parse(text);
        } catch (IllegalArgumentException e) {
            // Without the text: a URL may be a secret.
            throw mistake(key, e.getMessage());
        }
    }

    static List<String> from(String key, List<String> order, String least, String usual) {
        int from = order.indexOf(least == null ? usual : least);
        if (from < 0) {
            throw mistake(key, "one of " + String.join(", ", order) + " is expected");
        }
        return order.subList(from, order.size());
    }

    static int number(String key, Integer value, int usual, int most) {
        if (value != null && (value < 1 || value > most)) {
            throw mistake(key, "a number from 1 to " + most + " is expected");
        }
        return value == null ? usual : value;
    }

    static Duration duration(String key, String text, Duration usual, Duration least, Duration most) {
        if (text == null) {
            return usual;
        }
        java.util.regex.Matcher form = DURATION.matcher(text);
        Function<Long, Duration> unit = !form.matches()
                ? null
                : switch (form.group(2)) {
                    case "ms" -> Duration::ofMillis;
                    case "s" -> Duration::ofSeconds;
                    case "m" -> Duration::ofMinutes;
                    case "h" -> Duration::ofHours;
                    default -> Duration::ofDays;
                };
        Duration duration = unit == null ? null : unit.apply(Long.parseLong(form.group(1)));
        if (duration == null || duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw mistake(
                    key,
                    "a duration such as 30s, 5m or 3d is expected, from " + least.toMillis() + "ms to "
                            + most.toSeconds() + "s");
        }
        return duration;
    }
}
