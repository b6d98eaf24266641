package io.unpark.sink.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.unpark.analysis.json.UtcTime;
import io.unpark.sink.store.ProfileQueries;
import io.unpark.sink.store.ProfileQueries.Coverage;
import io.unpark.sink.store.ProfileQueries.Selection;
import io.unpark.sink.store.StackTaker;
import io.unpark.sink.store.WindowQueries;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;

/** {@code /api/v1/services/{service}/flame}: where a service was blocked or used CPU, as a tree; of one selection, or of two. */
final class FlameResource {
    private static final List<String> PARAMETERS =
            List.of("namespace", "kind", "route", "version", "since", "until", "against");
    private static final long DEFAULT_NS = 15 * 60 * 1_000_000_000L;
    /** Each reads some thousand profiles at worst. */
    private static final int READERS_MAX = 4;

    private static final String SOON_S = "2";

    private final ProfileQueries profiles;
    private final WindowQueries windows;
    private final Clock clock;
    private final Semaphore readers = new Semaphore(READERS_MAX);

    FlameResource(ProfileQueries profiles, WindowQueries windows, Clock clock) {
        this.profiles = profiles;
        this.windows = windows;
        this.clock = clock;
    }

    /** Without {@code since}: a quarter of an hour before the newest window, which may be of a replayed past. */
    void service(Context context) {
        Parameters parameters = new Parameters(context, clock, PARAMETERS);
        String service = context.pathParam("service");
        Optional<String> namespace = parameters.text("namespace");
        FlameKind kind = kind(parameters);
        long newestNs = windows.newestWindowEndNs(namespace, service)
                .orElseThrow(() -> ProblemException.notFound("Nothing has come from a service '" + service + "'."));
        OptionalLong since = parameters.timeNs("since");
        long untilNs = Math.max(1, parameters.timeNs("until").orElse(Math.max(newestNs, since.orElse(0)) + 1));
        long sinceNs = Math.max(0, since.orElse(untilNs - DEFAULT_NS));
        if (sinceNs >= untilNs) {
            throw ProblemException.badParameter("since", "since must be before until");
        }
        Selection shown = new Selection(namespace, service, parameters.text("version"), sinceNs, untilNs);
        Optional<Selection> against = against(parameters, shown);
        FlameTree tree = new FlameTree(kind, parameters.text("route"));
        ObjectNode body = Answers.JSON.createObjectNode();
        body.put("source", "windows").put("service", service);
        namespace.ifPresent(it -> body.put("namespace", it));
        body.put("newest", UtcTime.text(newestNs));
        limited(context, () -> {
            read(shown, tree.shown(), body);
            against.ifPresent(it -> read(it, tree.against(), body.putObject("against")));
        });
        ArrayNode versions = body.putArray("versions");
        profiles.versions(namespace, service, newestNs - DEFAULT_NS).stream()
                .filter(version -> !version.isEmpty())
                .forEach(versions::add);
        tree.addTo(body, against.isPresent());
        Answers.json(context, body);
    }

    static FlameKind kind(Parameters parameters) {
        return parameters.oneOf("kind", FlameKind.TEXTS).map(FlameKind::of).orElse(FlameKind.BLOCKED);
    }

    /** A time range, else a version. */
    private static Optional<Selection> against(Parameters parameters, Selection shown) {
        Optional<long[]> range = parameters.rangeNs("against");
        if (range.isPresent()) {
            return range.map(it -> new Selection(shown.namespace(), shown.service(), shown.version(), it[0], it[1]));
        }
        return parameters
                .text("against")
                .map(version -> new Selection(
                        shown.namespace(), shown.service(), Optional.of(version), shown.sinceNs(), shown.untilNs()));
    }

    /** The profiles of a selection, and in {@code about} which they were. */
    void read(Selection selection, StackTaker taker, ObjectNode about) {
        Coverage coverage = profiles.read(selection, taker);
        selection.version().ifPresent(version -> about.put("version", version));
        about.put("since", UtcTime.text(coverage.sinceNs())).put("until", UtcTime.text(selection.untilNs()));
        about.put("step", coverage.step().text()).put("truncated", coverage.truncated());
    }

    /** Runs a reader unless there are too many. */
    void limited(Context context, Runnable reader) {
        if (!readers.tryAcquire()) {
            context.header("Retry-After", SOON_S);
            throw ProblemException.unavailable("Other flame graphs are being made; try again in a moment.");
        }
        try {
            reader.run();
        } finally {
            readers.release();
        }
    }
}
