package io.unpark.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.app.console.AnomalyLine;
import io.unpark.app.console.AnomalyTable;
import io.unpark.app.console.ExitCode;
import io.unpark.app.console.Terminal;
import io.unpark.app.console.UserError;
import io.unpark.app.remote.AnomalyApi;
import io.unpark.app.remote.Follower;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unpark anomalies}: what a running sink knows, in the terminal. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Prints the anomalies of a running `unpark up` or `unpark sink`, and with --follow what changes.",
        footer = {"", "A server that asks for a token gets the one in the environment: UNPARK_TOKEN."})
final class AnomaliesVerb implements Callable<Integer> {
    private static final String TOKEN = "UNPARK_TOKEN";
    private static final int MAX_SECONDS = 3600;

    /** How an anomaly is printed. */
    enum Format {
        table,
        jsonl
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--url", paramLabel = "URL", description = "Where it runs (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(names = "--follow", description = "Goes on and prints what is new or has changed, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            description =
                    "With --follow: waits so long before it comes back to a server that was gone, and between looks at"
                            + " one that does not tell what changes (default: ${DEFAULT-VALUE}).")
    private int everySeconds = 2;

    @Option(names = "--kind", paramLabel = "KIND", description = "Only this kind, such as goroutine_leak.")
    private String kind = "";

    @Option(names = "--service", paramLabel = "NAME", description = "Only this service.")
    private String service = "";

    @Option(names = "--namespace", paramLabel = "NAME", description = "Only this namespace.")
    private String namespace = "";

    @Option(names = "--severity", paramLabel = "LEVEL", description = "Only critical, warning or info.")
    private String severity = "";

    @Option(names = "--state", paramLabel = "STATE", description = "open or resolved; both without it.")
    private String state = "";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Seen since then: 2026-01-31T12:00:00Z, or an age such as 15m, 2h, 7d.")
    private String since = "";

    @Option(names = "--all", description = "Also those that are only possible.")
    private boolean all;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: ${DEFAULT-VALUE}).")
    private int limit = 1_000;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "table, or jsonl: one JSON object a line (default: ${DEFAULT-VALUE}).")
    private Format format = Format.table;

    @Override
    public Integer call() throws InterruptedException {
        if (limit < 1 || everySeconds < 1 || everySeconds > MAX_SECONDS) {
            throw UserError.usage("--limit must be 1 or more, --every 1 to " + MAX_SECONDS);
        }
        PrintWriter out = spec.commandLine().getOut();
        AnomalyApi api = new AnomalyApi(url, System.getenv().getOrDefault(TOKEN, ""));
        if (follow) {
            PrintWriter err = spec.commandLine().getErr();
            Duration pause = Duration.ofSeconds(everySeconds);
            new Follower(api, filter(), limit, pause, Clock.systemUTC(), err::println).follow(changed -> {
                print(changed, out);
                return !out.checkError();
            });
        } else {
            print(worstFirst(api.list(filter(), limit)), out);
        }
        return ExitCode.OK;
    }

    private Map<String, String> filter() {
        return Map.of(
                "kind", kind,
                "service", service,
                "namespace", namespace,
                "severity", severity,
                "state", state,
                "since", since,
                "all", Boolean.toString(all));
    }

    private static List<JsonNode> worstFirst(List<JsonNode> anomalies) {
        List<String> order = List.of("critical", "warning", "info");
        List<JsonNode> sorted = new ArrayList<>(anomalies);
        sorted.sort((a, b) -> Integer.compare(
                order.indexOf(a.path("severity").asText()),
                order.indexOf(b.path("severity").asText())));
        return sorted;
    }

    private void print(List<JsonNode> anomalies, PrintWriter out) {
        if (format == Format.jsonl) {
            anomalies.forEach(out::println);
        } else if (anomalies.isEmpty()) {
            out.println("No anomalies" + (isFiltered() ? " of this filter." : "."));
        } else {
            new AnomalyTable(Terminal.columns())
                    .print(anomalies.stream().map(AnomalyLine::of).toList(), out);
        }
        out.flush();
    }

    private boolean isFiltered() {
        return !(kind + service + namespace + severity + state + since).isEmpty();
    }
}
