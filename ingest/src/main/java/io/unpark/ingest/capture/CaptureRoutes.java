package io.unpark.ingest.capture;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The HTTP side of captures on demand: {@code POST} and {@code GET /ingest/v1/captures[/ID]} for those who want a trace, and
 * {@code GET /ingest/v1/commands} for the agents, which wait there for work.
 */
public final class CaptureRoutes {
    /** Header of a push that was asked for: the capture's id. */
    static final String COMMAND_HEADER = "Unpark-Command";
    /** Header of a push: generations that its agent has dropped since it began. */
    static final String DROPPED_HEADER = "Unpark-Dropped";

    private final CaptureDesk desk;

    public CaptureRoutes(CaptureDesk desk) {
        this.desk = desk;
    }

    public CaptureDesk desk() {
        return desk;
    }

    /** Adds the routes to a server; it may have others. */
    public void register(RoutesConfig routes) {
        routes.get("/ingest/v1/commands", context -> answering(context, this::commands));
        routes.post("/ingest/v1/captures", context -> answering(context, this::ask));
        routes.get("/ingest/v1/captures", context -> answering(context, this::list));
        routes.get("/ingest/v1/captures/{id}", context -> answering(context, this::show));
    }

    /** To be told of every trace that was pushed, how far it was accepted, and by which request. */
    public void pushed(Context context, AgentKey instance, Accepted accepted) {
        if (accepted.generations() == 0) {
            return;
        }
        String id = CaptureParameters.id(context.header(COMMAND_HEADER));
        desk.pushed(instance, id, CaptureParameters.count(context.header(DROPPED_HEADER)), accepted);
    }

    private interface Route {
        void take(Context context) throws CaptureRefusedException;
    }

    private static void answering(Context context, Route route) {
        try {
            route.take(context);
        } catch (CaptureRefusedException e) {
            CaptureJson.writeProblem(context, e);
        }
    }

    /** Held until there is work or the time is over; no thread waits. */
    private void commands(Context context) throws CaptureRefusedException {
        Duration wait = Duration.ofSeconds(CaptureParameters.number(context, "wait", 0, 3_600, 0));
        Optional<AgentAnswer> answer = CaptureParameters.answer(context);
        CompletableFuture<Optional<Command>> work = desk.poll(CaptureParameters.agent(context), wait, answer);
        // Not on the thread that has the work or keeps the time: a slow client would hold it up.
        context.future(() -> work.thenAcceptAsync(command -> CaptureJson.writeCommand(context, command)));
    }

    private void ask(Context context) throws CaptureRefusedException {
        CaptureReport report = desk.ask(CaptureParameters.wish(context, desk.limits()));
        context.header("Location", CaptureJson.path(report)).status(202);
        CaptureJson.write(context, CaptureJson.document(report));
    }

    private void list(Context context) {
        CaptureJson.write(context, CaptureJson.list(desk.reports()));
    }

    private void show(Context context) throws CaptureRefusedException {
        CaptureReport report = desk.report(context.pathParam("id"))
                .orElseThrow(() -> CaptureRefusedException.of(
                        CaptureRefusal.UNKNOWN_CAPTURE,
                        "this collector knows no such capture; it forgets them after "
                                + desk.limits().remembered().toMinutes() + " min, and when it ends"));
        CaptureJson.write(context, CaptureJson.document(report));
    }
}
