package io.unpark.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares two dumps in the format of {@code go tool trace -d=parsed}. They hold the same events when they are equal as
 * sets, and every M's events and every goroutine's and P's transitions come in the same order. The order between events of
 * different Ms is otherwise free, because timestamps tick only every few dozen nanoseconds.
 */
final class SameEvents {
    private static final Pattern EVENT = Pattern.compile("M=(-?\\d+) P=-?\\d+ G=-?\\d+ (\\w+).*");
    private static final Pattern SUBJECT = Pattern.compile(" (GoID|ProcID)=(\\d+)");

    private SameEvents() {}

    /** The first difference in words; empty when the dumps hold the same events. */
    static Optional<String> difference(String expected, String actual) {
        List<String> first = events(expected);
        List<String> second = events(actual);
        Map<String, List<String>> orders = orders(first);
        Map<String, List<String>> others = orders(second);
        for (Map.Entry<String, List<String>> order : orders.entrySet()) {
            List<String> other = others.getOrDefault(order.getKey(), List.of());
            if (!order.getValue().equals(other)) {
                return Optional.of(firstDifference(order.getKey(), order.getValue(), other));
            }
        }
        if (!counts(first).equals(counts(second))) {
            return Optional.of("the events differ as sets: " + first.size() + " and " + second.size());
        }
        return Optional.empty();
    }

    /** Each event: its line, and the lines of its stacks. */
    static List<String> events(String dump) {
        List<String> events = new ArrayList<>();
        StringBuilder block = new StringBuilder();
        for (String line : dump.split("\n")) {
            if (EVENT.matcher(line).matches()) {
                addBlock(events, block);
                block.setLength(0);
                block.append(line).append('\n');
            } else if (block.length() > 0) {
                block.append(line).append('\n');
            }
        }
        addBlock(events, block);
        return events;
    }

    private static void addBlock(List<String> events, StringBuilder block) {
        if (block.length() > 0) {
            events.add(block.toString().stripTrailing());
        }
    }

    private static Map<String, List<String>> orders(List<String> events) {
        Map<String, List<String>> orders = new LinkedHashMap<>();
        for (String event : events) {
            String head = event.lines().findFirst().orElseThrow();
            Matcher matcher = EVENT.matcher(head);
            if (!matcher.matches()) {
                throw new IllegalStateException(head);
            }
            if (!matcher.group(1).equals("-1")) {
                orders.computeIfAbsent("M" + matcher.group(1), key -> new ArrayList<>())
                        .add(event);
            }
            Matcher subject = SUBJECT.matcher(head);
            if (matcher.group(2).equals("StateTransition") && subject.find()) {
                orders.computeIfAbsent(subject.group(), key -> new ArrayList<>())
                        .add(event);
            }
        }
        return orders;
    }

    private static Map<String, Integer> counts(List<String> events) {
        Map<String, Integer> counts = new HashMap<>();
        events.forEach(event -> counts.merge(event, 1, Integer::sum));
        return counts;
    }

    private static String firstDifference(String key, List<String> expected, List<String> actual) {
        for (int i = 0; ; i++) {
            String a = i < expected.size() ? expected.get(i) : "(none)";
            String b = i < actual.size() ? actual.get(i) : "(none)";
            if (!a.equals(b)) {
                return key + ", its event " + i + ":\n" + a + "\nagainst:\n" + b;
            }
        }
    }
}
