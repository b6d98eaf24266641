package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.model.Stack;
import io.unpark.trace.GoState;
import org.junit.jupiter.api.Test;

/** Handlers older than the trace: have their clients left? */
class WatchersTest {
    private final Watchers watchers = new Watchers();
    private long ids = 10;

    private Goroutine waiting(String start) {
        Goroutine g = new Goroutine(ids++);
        g.start = start;
        g.state = GoState.WAITING;
        g.blocked = Stack.EMPTY;
        return g;
    }

    private Goroutine handler() {
        Goroutine g = waiting("net/http.(*conn).serve");
        g.request = new OpenRequest(g.id, g.id, OpenRequest.Source.HTTP, 0);
        g.request.startTruncated = true;
        return g;
    }

    private Goroutine meetHandlers(int count, int watched) {
        Goroutine last = null;
        for (int i = 0; i < count; i++) {
            last = handler();
            watchers.met(last);
        }
        for (int i = 0; i < watched; i++) {
            watchers.met(waiting("net/http.(*connReader).backgroundRead"));
        }
        return last;
    }

    @Test
    void clientsHaveLeftWhenMostHandlersAreNotWatched() {
        Goroutine handler = meetHandlers(6, 1);
        assertThat(watchers.isLeft(handler)).isTrue();
    }

    @Test
    void clientsAreThereWhenEachHandlerIsWatched() {
        Goroutine handler = meetHandlers(6, 6);
        assertThat(watchers.isLeft(handler)).isFalse();
    }

    @Test
    void ofARequestThatBeganInTheTraceTheWatcherIsKnown() {
        // Given connections older than the trace whose requests are not
        Goroutine handler = meetHandlers(6, 0);
        handler.request.startTruncated = false;
        assertThat(watchers.isLeft(handler)).isFalse();
    }

    @Test
    void twoHandlersAreTooFewToTell() {
        Goroutine handler = meetHandlers(2, 0);
        assertThat(watchers.isLeft(handler)).isFalse();
    }
}
