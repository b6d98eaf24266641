package io.unpark.app;

import io.unpark.app.capture.CaptureClient;
import io.unpark.app.capture.CaptureView;
import io.unpark.app.console.ExitCode;
import io.unpark.app.console.Stages;
import io.unpark.app.console.Terminal;
import io.unpark.app.console.UserError;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unpark capture}: a trace of a running service, now. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Asks a running agent of a service for a trace, by way of the collector that it ships to.",
        footer = {
            "",
            "  unpark capture --service orders --seconds 10 --wait",
            "  unpark capture --service orders --seconds 0        what the flight recorder holds: the last seconds",
            "  unpark capture --service orders --profile heap     a profile, where the collector scrapes",
            "",
            "Exit codes: 0 asked, with --wait: all arrived; 1 nobody to ask, no answer, nothing arrived; 2 the command",
            "line; 3 with --wait: not all arrived. A collector that wants a token gets that of UNPARK_TOKEN."
        })
final class CaptureVerb implements Callable<Integer> {
    private static final String TOKEN = "UNPARK_TOKEN";
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    /** An agent has a minute to take it, and half a minute to ship it. */
    private static final Duration BEYOND_ITS_LENGTH = Duration.ofSeconds(120);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--collector",
            paramLabel = "URL",
            description = "Of unpark up or unpark collect; http://127.0.0.1:8080 when left out.")
    private String collector = "http://127.0.0.1:8080";

    @Option(names = "--service", paramLabel = "NAME", required = true, description = "Whose trace.")
    private String service;

    @Option(names = "--namespace", paramLabel = "NAME", description = "Of the service, if it has one.")
    private String namespace = "";

    @Option(names = "--instance", paramLabel = "NAME", description = "This process; any one when left out.")
    private String instance = "";

    @Option(names = "--agents", paramLabel = "N", description = "Ask up to so many processes; 1 when left out.")
    private int agents = 1;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Length of the trace, at most 60; 5 when left out, 0 for what the flight recorder holds.")
    private int seconds = 5;

    @Option(
            names = "--profile",
            paramLabel = "heap|goroutine|goroutineleak",
            description = "A profile instead of a trace, of a process that the collector scrapes.")
    private String profile = "";

    @Option(names = "--reason", paramLabel = "WORD", description = "Travels with the trace; operator when left out.")
    private String reason = "";

    @Option(names = "--wait", description = "Wait until it has arrived.")
    private boolean wait;

    @Override
    public Integer call() throws InterruptedException {
        String token = System.getenv().getOrDefault(TOKEN, "");
        CaptureClient client = new CaptureClient(collector, Optional.of(token).filter(it -> !it.isEmpty()));
        PrintWriter out = spec.commandLine().getOut();
        Stages stages = new Stages(spec.commandLine().getErr(), System::nanoTime);
        CaptureView asked = client.ask(wish());
        stages.at("capture " + asked.id() + ": " + asked.agents().size()
                + (asked.agents().size() == 1 ? " agent is asked" : " agents are asked"));
        if (!wait) {
            asked.agents().forEach(agent -> out.println(visible(agent.instance()) + "  " + agent.state()));
            out.println("How it goes: " + client.address(asked.id()));
            return ExitCode.OK;
        }
        CaptureView done = follow(client, asked, stages);
        done.agents().forEach(agent -> out.println(line(agent)));
        long arrived =
                done.agents().stream().filter(CaptureView.Agent::hasArrived).count();
        if (arrived == 0) {
            throw UserError.environment("nothing arrived; " + client.address(done.id()) + " tells when it does");
        }
        out.println("What it shows: "
                + client.anomalies(service).orElse("the anomalies of " + service + " at your unpark sink"));
        return arrived == done.agents().size() ? ExitCode.OK : ExitCode.REFUSED;
    }

    private Map<String, String> wish() {
        Map<String, String> wish = new LinkedHashMap<>();
        wish.put("service", service);
        putUnlessEmpty(wish, "namespace", namespace);
        putUnlessEmpty(wish, "instance", instance);
        wish.put("agents", String.valueOf(agents));
        if (profile.isEmpty()) {
            wish.put("seconds", String.valueOf(seconds));
        } else {
            wish.put("kind", profile);
        }
        putUnlessEmpty(wish, "reason", reason);
        return wish;
    }

    private static void putUnlessEmpty(Map<String, String> wish, String name, String value) {
        if (!value.isEmpty()) {
            wish.put(name, value);
        }
    }

    /** Tells what changes until nothing more is to come. */
    private CaptureView follow(CaptureClient client, CaptureView asked, Stages stages) throws InterruptedException {
        long beganNs = System.nanoTime();
        long limitNs = BEYOND_ITS_LENGTH.plusSeconds(seconds).toNanos();
        Map<String, String> told = new HashMap<>();
        CaptureView now = asked;
        while (true) {
            for (CaptureView.Agent agent : now.agents()) {
                String line = line(agent);
                if (!line.equals(told.put(agent.instance(), line))) {
                    stages.at(line);
                }
            }
            if (!now.open() || System.nanoTime() - beganNs > limitNs) {
                return now;
            }
            Thread.sleep(LOOK_EVERY.toMillis());
            now = client.look(asked.id());
        }
    }

    private static String line(CaptureView.Agent agent) {
        StringBuilder line =
                new StringBuilder(visible(agent.instance())).append("  ").append(agent.state());
        if (agent.hasArrived()) {
            line.append("  ")
                    .append(agent.generations())
                    .append(agent.generations() == 1 ? " generation" : " generations");
            line.append("  ").append(Terminal.bytes(agent.bytes()));
            line.append("  trace ").append(visible(agent.traceCapture()));
        }
        if (!agent.detail().isEmpty()) {
            line.append(": ").append(visible(agent.detail()));
        }
        return line.toString();
    }

    /** Names come from elsewhere: no control character may reach the terminal. */
    private static String visible(String text) {
        return text.replaceAll("\\p{Cntrl}", "\ufffd");
    }
}
