package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Idle connections of net/http's client: one transport's pool, or one transport for each request. */
class LeakConnectionsTest {
    private static final long MS = Groups.MS;

    private static Groups idle(int count) {
        return Groups.waiting(
                        "network",
                        "internal/poll.(*FD).Read /go/fd.go:1",
                        "net.(*conn).Read /go/net.go:1",
                        "net/http.(*persistConn).Read /go/transport.go:1",
                        "bufio.(*Reader).Peek /go/bufio.go:1",
                        "net/http.(*persistConn).readLoop /go/transport.go:2")
                .members(count, m -> m.bornInRequest = m.id)
                .with(g -> g.start = "net/http.(*persistConn).readLoop");
    }

    @Test
    void aTransportForEachRequestLeavesAnIdleConnectionEachTime() {
        assertThat(LeakRules.judge(idle(10).build()).map(LeakVerdict::rule)).contains("idle_connections");
    }

    @Test
    void aPoolUsesItsConnectionsAgain() {
        // Given that one was used again a second after its birth
        Groups pool = idle(10).members(1, m -> {
            m.bornInRequest = m.id;
            m.sinceNs = m.createdNs + 1_000 * MS;
        });
        // Then nothing is said
        assertThat(LeakRules.judge(pool.build())).isEmpty();
    }

    @Test
    void aBurstOpensManyAtOnce() {
        Groups burst = idle(0).members(20, m -> {
            m.bornInRequest = m.id;
            m.createdNs = m.sinceNs = 600 * MS;
        });
        assertThat(LeakRules.judge(burst.build())).isEmpty();
    }

    @Test
    void someThatWereClosedTellOfAPool() {
        assertThat(LeakRules.judge(idle(10).with(g -> g.ended = 2).build())).isEmpty();
    }

    @Test
    void oldConnectionsTellNothing() {
        Groups old = idle(0).members(20, m -> m.old());
        assertThat(LeakRules.judge(old.build())).isEmpty();
    }

    @Test
    void bodiesThatAreReadAreStreams() {
        // Given ten connections whose bodies ten goroutines read
        Groups streams = Groups.waiting("select", "net/http.(*persistConn).readLoop /go/transport.go:2450")
                .members(10)
                .with(g -> g.start = "net/http.(*persistConn).readLoop")
                .with(g -> g.bodiesRead = 10);
        // Then nothing is said; nobody reading them, they were left open
        assertThat(LeakRules.judge(streams.build())).isEmpty();
        assertThat(LeakRules.judge(streams.with(g -> g.bodiesRead = 0).build()).map(LeakVerdict::rule))
                .contains("body_open");
    }
}
