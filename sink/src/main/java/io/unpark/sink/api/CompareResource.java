package io.unpark.sink.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.unpark.analysis.json.UtcTime;
import io.unpark.sink.store.GraphQueries;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.VersionSeen;
import io.unpark.sink.store.WindowQueries;
import io.unpark.sink.store.WindowRange;
import io.unpark.sink.store.WindowStep;
import io.unpark.sink.store.WindowSums;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/** {@code /api/v1/services/{service}/compare}: two versions or two times of a service, the before and after of a fix. */
final class CompareResource {
    private static final List<String> PARAMETERS = List.of("namespace", "a", "b");
    /** Windows without a version are one, too. */
    private static final String NO_VERSION = "-";

    private static final long HOUR_NS = 3_600L * 1_000_000_000;
    private static final long VERSIONS_NS = 14 * 24 * HOUR_NS;
    private static final int DOCUMENTS_MAX = 20_000;

    private final WindowQueries windows;
    private final WindowSums sums;
    private final GraphQueries anomalies;
    private final Supplier<StateRule> rule;
    private final Clock clock;

    CompareResource(
            WindowQueries windows, WindowSums sums, GraphQueries anomalies, Supplier<StateRule> rule, Clock clock) {
        this.windows = windows;
        this.sums = sums;
        this.anomalies = anomalies;
        this.rule = rule;
        this.clock = clock;
    }

    /** {@code a} and {@code b}: a version, or {@code from/to}; without them the last two versions, else the last two hours. */
    void get(Context context) {
        Parameters parameters = new Parameters(context, clock, PARAMETERS);
        String service = context.pathParam("service");
        Optional<String> namespace = parameters.text("namespace");
        long newestNs = windows.newestWindowEndNs(namespace, service)
                .orElseThrow(() -> ProblemException.notFound("Nothing has come from a service '" + service + "'."));
        WindowRange all = new WindowRange(
                namespace, service, WindowStep.HOUR, Math.max(0, newestNs - VERSIONS_NS), newestNs + 1, DOCUMENTS_MAX);
        List<VersionSeen> versions = sums.versions(all);
        boolean two = versions.size() >= 2;
        CompareSide a = side(parameters, "a", versions, all)
                .orElseGet(() -> two
                        ? exact(versions.get(versions.size() - 2), all)
                        : CompareSide.of(Math.max(0, newestNs - 2 * HOUR_NS), Math.max(1, newestNs - HOUR_NS)));
        CompareSide b = side(parameters, "b", versions, all)
                .orElseGet(() -> two
                        ? exact(versions.get(versions.size() - 1), all)
                        : CompareSide.of(Math.max(0, newestNs - HOUR_NS), newestNs + 1));
        Comparison comparison = new Comparison(sums, anomalies, rule.get(), all);
        ObjectNode body = Answers.JSON.createObjectNode().put("service", service);
        putVersions(body.putArray("versions"), versions);
        comparison.write(body, a, b);
        Answers.json(context, body);
    }

    private Optional<CompareSide> side(
            Parameters parameters, String name, List<VersionSeen> versions, WindowRange all) {
        Optional<long[]> time = parameters.rangeNs(name);
        if (time.isPresent()) {
            return time.map(ns -> CompareSide.of(ns[0], ns[1]));
        }
        return parameters
                .text(name)
                .map(version -> versions.stream()
                        .filter(seen -> seen.version().equals(version.equals(NO_VERSION) ? "" : version))
                        .findFirst()
                        .map(seen -> exact(seen, all))
                        .orElseThrow(() -> ProblemException.badParameter(
                                name,
                                version,
                                versions.stream().map(VersionSeen::version).toList())));
    }

    /** Hours tell only roughly when a version came and went, and not where it ran: their minutes do, while they are kept. */
    private CompareSide exact(VersionSeen version, WindowRange all) {
        Optional<VersionSeen> first = minutes(version, all, version.firstNs());
        Optional<VersionSeen> last = minutes(version, all, Math.max(version.firstNs(), version.lastNs() - HOUR_NS));
        TreeSet<String> instances = new TreeSet<>(version.instances());
        first.ifPresent(seen -> instances.addAll(seen.instances()));
        last.ifPresent(seen -> instances.addAll(seen.instances()));
        return new CompareSide(
                Optional.of(version.version()),
                first.map(VersionSeen::firstNs).orElse(version.firstNs()),
                last.map(VersionSeen::lastNs).orElse(version.lastNs()),
                instances);
    }

    private Optional<VersionSeen> minutes(VersionSeen version, WindowRange all, long fromNs) {
        WindowRange hour = new WindowRange(
                all.namespace(), all.service(), WindowStep.MINUTE, fromNs, fromNs + HOUR_NS, DOCUMENTS_MAX);
        return sums.versions(hour).stream()
                .filter(seen -> seen.version().equals(version.version()))
                .findFirst();
    }

    private static void putVersions(ArrayNode array, List<VersionSeen> versions) {
        for (VersionSeen version : versions) {
            array.addObject()
                    .put("version", version.version())
                    .put("first", UtcTime.text(version.firstNs()))
                    .put("last", UtcTime.text(version.lastNs()));
        }
    }
}
