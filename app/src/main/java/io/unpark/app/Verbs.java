package io.unpark.app;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;

/** The verbs, as {@code --help} lists them. */
final class Verbs {
    private static final Map<String, Class<?>> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("demo", DemoVerb.class);
        BY_NAME.put("up", UpVerb.class);
        BY_NAME.put("collect", CollectVerb.class);
        BY_NAME.put("capture", CaptureVerb.class);
        BY_NAME.put("stream", StreamVerb.class);
        BY_NAME.put("sink", SinkVerb.class);
        BY_NAME.put("analyze", AnalyzeVerb.class);
        BY_NAME.put("anomalies", AnomaliesVerb.class);
        BY_NAME.put("events", EventsVerb.class);
        BY_NAME.put("replay", ReplayVerb.class);
        BY_NAME.put("topics", TopicsVerb.class);
        BY_NAME.put("config", ConfigVerb.class);
        BY_NAME.put("explain", ExplainVerb.class);
        BY_NAME.put("dlq", DlqVerb.class);
        BY_NAME.put("doctor", DoctorVerb.class);
        BY_NAME.put("token", TokenVerb.class);
    }

    private Verbs() {}

    /** Adds the verb that is asked for, or all when none is: looking through the options of all takes longer than many a verb's work. */
    static CommandLine addTo(CommandLine whole, String[] args) {
        Class<?> asked = args.length == 0 ? null : BY_NAME.get(args[0]);
        if (asked != null) {
            return whole.addSubcommand(args[0], asked);
        }
        BY_NAME.forEach(whole::addSubcommand);
        return whole;
    }
}
