package io.unpark.sink.api;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import jakarta.servlet.ServletOutputStream;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** {@code /api/v1/events}: changes of anomalies as they happen. */
final class EventsResource implements AutoCloseable {
    private static final List<String> PARAMETERS = List.of("after");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final String LATER_S = "30";

    private final EventFeed feed;
    private final EventLimits limits;
    private final Clock clock;

    EventsResource(EventFeed feed, EventLimits limits, Clock clock) {
        this.feed = feed;
        this.limits = limits;
        this.clock = clock;
    }

    void follow(Context context) {
        new Parameters(context, clock, PARAMETERS);
        OptionalLong after = after(context);
        context.contentType("text/event-stream; charset=utf-8");
        context.header("Cache-Control", "no-store");
        if (context.method() == HandlerType.HEAD) {
            return;
        }
        CompletableFuture<Void> over = new CompletableFuture<>();
        context.future(() -> {
            Answers.handle(context, it -> begin(it, after, over));
            return over;
        });
    }

    /** On a request that is asynchronous by now. */
    private void begin(Context context, OptionalLong after, CompletableFuture<Void> over) throws Exception {
        boolean begun = false;
        try {
            ServletOutputStream out = context.res().getOutputStream();
            EventStream stream = new EventStream(out, limits.queued(), over);
            begun = feed.add(stream, after);
            if (begun) {
                // Proxies such as nginx would keep it until there is more.
                context.header("X-Accel-Buffering", "no");
                out.setWriteListener(stream);
                return;
            }
        } finally {
            if (!begun) {
                over.complete(null);
            }
        }
        context.header("Retry-After", LATER_S);
        throw ProblemException.unavailable("Too many are listening, or this server is stopping; try again later.");
    }

    /** As browsers say it when they come back, else as it is easier to say by hand. */
    private static OptionalLong after(Context context) {
        String header = context.header("Last-Event-ID");
        String given = header == null || header.isEmpty() ? context.queryParam("after") : header;
        if (given == null || given.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!NUMBER.matcher(given).matches()) {
            throw ProblemException.badParameter("after", "after must be the id of an event");
        }
        return OptionalLong.of(Long.parseLong(given));
    }

    @Override
    public void close() {
        feed.close();
    }
}
