package io.unpark.sink.notify;

import io.unpark.sink.store.AnomalyFacts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A condition on a label of an anomaly, written as Alertmanager writes it: {@code service="orders"}, {@code kind!~"goroutine_.*"}. A
 * regular expression must match the whole value.
 */
record Matcher(String label, boolean equal, Pattern pattern) {
    /** What is known of an anomaly when it is decided who is told; all of it stands while the anomaly does, but the last two. */
    static final Map<String, Function<AnomalyFacts, String>> LABELS = new TreeMap<>(Map.of(
            "namespace", AnomalyFacts::namespace,
            "service", AnomalyFacts::service,
            "kind", AnomalyFacts::kind,
            "anomaly", AnomalyFacts::id,
            "severity", AnomalyFacts::severity,
            "confidence", AnomalyFacts::confidence));

    private static final Pattern FORM = Pattern.compile("\\s*(?<label>\\w+)\\s*(?<operator>=~|!~|!=|=)\\s*"
            + "(?:\"(?<quoted>[^\"]{0,500})\"|(?<plain>[^\"\\s]{0,500}))\\s*");

    /** @throws NotifyConfigException when the text is none */
    static Matcher parse(String text) {
        java.util.regex.Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new NotifyConfigException(
                    "'" + text + "' is no matcher; they look like service=\"orders\" or kind=~\"goroutine_.*\"");
        }
        String label = form.group("label");
        if (!LABELS.containsKey(label)) {
            throw new NotifyConfigException(
                    "there is no label '" + label + "'; there are " + String.join(", ", LABELS.keySet()));
        }
        String value = form.group("quoted") != null ? form.group("quoted") : form.group("plain");
        String operator = form.group("operator");
        try {
            Pattern pattern = Pattern.compile(operator.endsWith("~") ? value : Pattern.quote(value));
            return new Matcher(label, operator.startsWith("="), pattern);
        } catch (PatternSyntaxException e) {
            throw new NotifyConfigException("'" + text + "': " + e.getDescription());
        }
    }

    boolean matches(AnomalyFacts anomaly) {
        return pattern.matcher(LABELS.get(label).apply(anomaly)).matches() == equal;
    }

    static boolean all(List<Matcher> matchers, AnomalyFacts anomaly) {
        return matchers.stream().allMatch(it -> it.matches(anomaly));
    }
}
