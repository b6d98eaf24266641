package io.unpark.app.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.app.console.UserError;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Follows a sink's anomalies by its events. When the connection ends it comes back and says what it heard last, so that nothing is
 * missed; where there are no events it looks again and again.
 */
public final class Follower {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Changes that are printed together. */
    private static final int GATHERED_MAX = 200;

    private final AnomalyApi api;
    private final Map<String, String> filter;
    private final int limit;
    private final Duration pause;
    private final Consumer<String> trouble;
    private final Wanted wanted;
    private final Changes changes = new Changes();
    private final List<JsonNode> untold = new ArrayList<>();
    private String last = "";
    private boolean away;

    /**
     * @param filter parameters of the API; empty values are left out
     * @param limit at most so many are looked at when there are no events to go by
     * @param pause before another try, and between looks
     * @param trouble is told once when the server goes away, and once when it is back
     */
    public Follower(
            AnomalyApi api,
            Map<String, String> filter,
            int limit,
            Duration pause,
            Clock clock,
            Consumer<String> trouble) {
        this.api = api;
        this.filter = filter;
        this.limit = limit;
        this.pause = pause;
        this.trouble = trouble;
        this.wanted = new Wanted(filter, clock);
    }

    /**
     * Tells what is there, the oldest first and also when that is nothing, then what is new or has changed.
     *
     * @param taker answers whether it goes on
     * @throws UserError when the server does not answer the first question, or refuses one
     */
    public void follow(Predicate<List<JsonNode>> taker) throws InterruptedException {
        boolean more = taker.test(changes.since(api.list(filter, limit)));
        while (more) {
            try {
                more = listen(taker);
            } catch (IOException e) {
                // The server ends a connection now and then, so that is no trouble; not to come back is.
                more = tell(taker);
            }
            if (more) {
                Thread.sleep(pause.toMillis());
            }
        }
    }

    private boolean listen(Predicate<List<JsonNode>> taker) throws IOException {
        Optional<EventReader> opened = opened();
        if (opened.isEmpty()) {
            untold.addAll(look());
            return tell(taker);
        }
        try (EventReader events = opened.get()) {
            do {
                hear(events.next());
                Optional<EventReader.Event> more = events.poll();
                while (more.isPresent()) {
                    hear(more.get());
                    more = untold.size() < GATHERED_MAX ? events.poll() : Optional.empty();
                }
            } while (tell(taker));
            return false;
        }
    }

    private Optional<EventReader> opened() throws IOException {
        try {
            Optional<EventReader> events = api.events(last);
            if (away) {
                trouble.accept("The server is back.");
                away = false;
            }
            return events;
        } catch (IOException e) {
            if (!away) {
                trouble.accept("The server does not answer; it is tried again until it does.");
                away = true;
            }
            throw e;
        }
    }

    private boolean tell(Predicate<List<JsonNode>> taker) {
        List<JsonNode> changed = List.copyOf(untold);
        untold.clear();
        return changed.isEmpty() || taker.test(changed);
    }

    private void hear(EventReader.Event event) throws IOException {
        boolean first = last.isEmpty();
        untold.addAll(
                switch (event.name()) {
                    // What changed between the first look and the first event was not told.
                    case "ready" -> first ? look() : List.<JsonNode>of();
                    case "resync" -> look();
                    case "anomaly" -> one(JSON.readTree(event.data()));
                    default -> List.<JsonNode>of();
                });
        // Afterwards: what could not be looked at is told again.
        last = event.id().isEmpty() ? last : event.id();
    }

    private List<JsonNode> look() throws IOException {
        return changes.since(api.pages(filter, limit));
    }

    private List<JsonNode> one(JsonNode event) throws IOException {
        if (!wanted.has(event)) {
            return List.of();
        }
        return api.one(event.path("id").asText())
                .filter(wanted::has)
                .filter(changes::isNews)
                .map(List::of)
                .orElse(List.of());
    }
}
