package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule with its positives and its near misses. */
class LeakRulesTest {
    private static final long MS = Groups.MS;

    /** @param rule null when it is no leak */
    private record Case(String title, Groups group, String rule) {
        @Override
        public String toString() {
            return title;
        }
    }

    private static Groups locking() {
        return Groups.waiting("sync", "sync.(*Mutex).Lock /go/mutex.go:1", "main.handle.func1 /src/main.go:20");
    }

    private static Groups selecting() {
        return Groups.waiting("select", "main.handle.func1 /src/main.go:20");
    }

    private static Groups waitGroup() {
        return Groups.waiting("sync", "sync.(*WaitGroup).Wait /go/wg.go:1", "main.handle /src/main.go:20");
    }

    private static Groups remote() {
        return Groups.waiting("network", "net.(*conn).Read /go/net.go:1", "main.handle.func1 /src/main.go:20");
    }

    private static Groups bodyLoop() {
        Groups group = Groups.waiting("select", "net/http.(*persistConn).readLoop /go/transport.go:1");
        group.start = "net/http.(*persistConn).readLoop";
        return group;
    }

    static List<Case> sendsAndLocks() {
        return List.of(
                new Case("one send that nobody receives", Groups.sending().members(1), "stuck_transient"),
                new Case("a lock that nobody releases", locking().members(3), "stuck_transient"),
                new Case(
                        "older than the trace makes no difference",
                        Groups.sending().members(2, Groups.MemberOf::old),
                        "stuck_transient"),
                new Case(
                        "a nil channel",
                        Groups.waiting("chan receive (nil chan)", "main.f /src/main.go:2")
                                .members(1),
                        "stuck_transient"),
                new Case(
                        "the lock moves: others got it after comparable waits",
                        locking().members(3).with(g -> g.lastMoveNs = Groups.NOW_NS - 50 * MS),
                        null),
                new Case(
                        "others have waited for as long for the lock, and got it",
                        locking().members(3).with(g -> g.stage = new StuckGroup.Stage(9, 16_000 * MS, 0)),
                        null),
                new Case(
                        "the last that got it did so before the eldest came",
                        locking().members(3).with(g -> g.lastMoveNs = 400 * MS),
                        "stuck_transient"),
                new Case(
                        "a sibling is at work: a pipeline that drains",
                        Groups.sending().members(3, m -> m.siblingAtWork = true),
                        null),
                new Case(
                        "all belong to requests that still run", locking().members(3, m -> m.requestOpen = true), null),
                new Case(
                        "the request's client has left",
                        locking().members(3, m -> m.requestOpen = m.clientLeft = true),
                        "stuck_transient"));
    }

    static List<Case> waitsForSomethingToDo() {
        return List.of(
                new Case(
                        "three left behind by three requests",
                        Groups.receiving().members(3),
                        "growth"),
                new Case("two may be", Groups.receiving().members(2), "few_left_behind"),
                new Case("one is not enough", Groups.receiving().members(1), null),
                new Case(
                        "three of one moment count as one",
                        Groups.receiving().members(3, m -> {
                            m.creator = 7;
                            m.createdNs = m.sinceNs = 600 * MS;
                        }),
                        null),
                new Case(
                        "creators that live: seven are not enough",
                        Groups.receiving().members(7, m -> m.creatorGone = false),
                        null),
                new Case(
                        "creators that live: eight are",
                        Groups.receiving().members(8, m -> m.creatorGone = false),
                        "growth"),
                new Case(
                        "a pool's worker is woken for more",
                        Groups.receiving().members(3).members(1, m -> m.wokenHere = 2),
                        null),
                new Case(
                        "one goroutine per open connection", selecting().members(10, m -> m.onConnection = true), null),
                new Case(
                        "creation stopped while the creators go on: the pool is full",
                        selecting()
                                .members(8, m -> {
                                    m.creatorGone = false;
                                    m.bornInRequest = 3;
                                    m.creatorActiveNs = Groups.NOW_NS;
                                })
                                .with(g -> g.lastCreatedNs = Groups.NOW_NS - 4_000 * MS),
                        null),
                new Case(
                        "nine in ten of its kind ended quickly: a straggler",
                        Groups.receiving().members(1).with(g -> {
                            g.created = 10;
                            g.ended = 9;
                            g.longestLifeNs = 100 * MS;
                        }),
                        "straggler"),
                new Case(
                        "its kind often lives as long",
                        Groups.receiving().members(1).with(g -> {
                            g.created = 10;
                            g.ended = 9;
                            g.longestLifeNs = 2_000 * MS;
                        }),
                        null),
                new Case(
                        "a WaitGroup, awaited once: a supervisor waits for as long as its children live",
                        waitGroup().members(1),
                        null),
                new Case(
                        "a handler whose client has left",
                        selecting().members(1, m -> m.requestOpen = m.clientLeft = true),
                        "client_left"),
                new Case("a long poll whose client waits", selecting().members(5, m -> m.requestOpen = true), null));
    }

    static List<Case> olderThanTheTrace() {
        return List.of(
                new Case("twenty born apart", selecting().members(20, Groups.MemberOf::old), "old_many"),
                new Case("fourteen born apart", selecting().members(14, Groups.MemberOf::old), "old_many"),
                new Case("thirteen may be a fleet", selecting().members(13, Groups.MemberOf::old), "few_old"),
                new Case("two", selecting().members(2, Groups.MemberOf::old), null),
                new Case(
                        "a burst grew a pool: near one another, and never as many",
                        selecting().members(24, Groups.MemberOf::old).with(g -> g.births = births(24, 11, 4, 1, 0)),
                        null),
                new Case(
                        "three at a time, near one another",
                        selecting().members(48, Groups.MemberOf::old).with(g -> g.births = births(48, 16, 16, 1, 0)),
                        "old_many"),
                new Case(
                        "others of the kind are served",
                        selecting().members(9, Groups.MemberOf::old).with(g -> g.births = births(9, 9, 9, 9, 1)),
                        null),
                new Case(
                        "twenty born in a row: workers started at boot",
                        selecting().members(20, Groups.MemberOf::old).with(g -> g.births = births(20, 1, 1, 1, 0)),
                        null),
                new Case("twenty on open connections", selecting().members(20, m -> m.old().onConnection = true), null),
                new Case(
                        "one of twenty was woken here",
                        selecting().members(19, Groups.MemberOf::old).members(1, m -> m.old().wokenHere = 1),
                        null));
    }

    static List<Case> loops() {
        return List.of(
                new Case("five that tick", ticking(5), "left_looping"),
                new Case("four", ticking(4), null),
                new Case(
                        "ten by one job that is done: leases taken at boot",
                        Groups.receiving().members(10, m -> m.creator = 7).with(g -> g.looping = true),
                        null),
                new Case(
                        "some ended after a life like theirs",
                        ticking(5).with(g -> {
                            g.ended = 2;
                            g.longestLifeNs = 3_000 * Groups.MS;
                        }),
                        null),
                new Case("some ended at once", ticking(5).with(g -> g.ended = 2), "left_looping"),
                new Case(
                        "creators that live",
                        Groups.receiving()
                                .members(9, m -> m.creatorGone = false)
                                .with(g -> g.looping = true),
                        null),
                new Case("five that sleep", ticking(5).with(g -> g.reason = "sleep"), null),
                new Case("eight that sleep", ticking(8).with(g -> g.reason = "sleep"), "left_looping"),
                new Case(
                        "by one creator that goes on",
                        Groups.receiving()
                                .members(12, m -> {
                                    m.creator = 7;
                                    m.creatorGone = false;
                                })
                                .with(g -> g.looping = true),
                        "left_looping"),
                new Case(
                        "beside connections in use",
                        Groups.receiving()
                                .members(9, m -> m.old().onConnection = true)
                                .with(g -> g.looping = true),
                        null),
                new Case(
                        "older than the trace, born apart",
                        Groups.receiving().members(14, Groups.MemberOf::old).with(g -> g.looping = true),
                        "left_looping"),
                new Case(
                        "nine of them are a fleet",
                        Groups.receiving().members(9, Groups.MemberOf::old).with(g -> g.looping = true),
                        null),
                new Case(
                        "nine, and those made since have ended",
                        Groups.receiving()
                                .members(9, Groups.MemberOf::old)
                                .with(g -> g.kin = new StuckGroup.Kin(20, 20, 100 * Groups.MS, false))
                                .with(g -> g.looping = true),
                        "left_looping"));
    }

    private static Groups ticking(int members) {
        return Groups.receiving().members(members).with(g -> g.looping = true);
    }

    private static StuckGroup.Births births(int count, int apart, int even, int far, int served) {
        return new StuckGroup.Births(count, apart, even, far, served, count);
    }

    static List<Case> laterEnds() {
        return List.of(
                new Case("with a child at work", waiting().members(4, m -> m.childAtWork = true), null),
                new Case("with a sibling at work", waiting().members(4, m -> m.siblingAtWork = true), null),
                new Case(
                        "those it waits for are gone, three times",
                        waiting().members(3, Groups.MemberOf::orphaned),
                        "orphaned_wait"),
                new Case(
                        "one of the kind ended at the eldest's age",
                        waiting().members(4).with(g -> {
                            g.ended = 1;
                            g.longestLifeNs = 9_500 * Groups.MS;
                        }),
                        null),
                new Case("two moments may be", waiting().members(2), "few_left_behind"));
    }

    private static Groups waiting() {
        return Groups.waiting("sync", "sync.(*WaitGroup).Wait /go/waitgroup.go:1", "main.handle.func1 /src/main.go:20");
    }

    private static void byOne(Groups.MemberOf member) {
        member.creator = 7;
        member.creatorGone = false;
    }

    static List<Case> waitsForOtherMachines() {
        return List.of(
                new Case("eight that nobody answers", remote().members(8), "growth"),
                new Case("seven", remote().members(7), null),
                new Case(
                        "creators that live: a client's connections",
                        remote().members(20, m -> m.creatorGone = false),
                        null),
                new Case("one that lives calls again and again", remote().members(9, LeakRulesTest::byOne), "growth"),
                new Case(
                        "one that accepts connections",
                        remote().members(9, m -> {
                            byOne(m);
                            m.creatorAccepts = true;
                        }),
                        null),
                new Case(
                        "one that called nine and has stopped",
                        remote().members(9, LeakRulesTest::byOne).with(g -> g.lastCreatedNs = 4_000 * Groups.MS),
                        null),
                new Case("older than the trace", remote().members(40, Groups.MemberOf::old), null),
                new Case("three response bodies left open", bodyLoop().members(3), "body_open"),
                new Case("two", bodyLoop().members(2), null));
    }

    static List<Case> placesThatSayNothing() {
        return List.of(
                new Case(
                        "a sleep",
                        Groups.waiting("sleep", "time.Sleep /go/t.go:1", "main.f /src/m.go:2")
                                .members(30),
                        null),
                new Case(
                        "an accept loop",
                        Groups.waiting("network", "internal/poll.(*FD).Accept /go/fd.go:1", "main.f /src/m.go:2")
                                .members(9),
                        null),
                new Case(
                        "signal handlers",
                        Groups.waiting("select", "os/signal.loop /go/s.go:1").members(9),
                        null),
                new Case(
                        "keep-alive connections of a server",
                        Groups.waiting(
                                        "network",
                                        "bufio.(*Reader).Peek /go/b.go:1",
                                        "net/http.(*conn).serve /go/s.go:2")
                                .members(50)
                                .with(g -> g.start = "net/http.(*conn).serve"),
                        null),
                new Case(
                        "idle connections of a client",
                        Groups.waiting(
                                        "network",
                                        "net/http.(*persistConn).Read /go/t.go:1",
                                        "bufio.(*Reader).Peek /go/b.go:1")
                                .members(50)
                                .with(g -> g.start = "net/http.(*persistConn).readLoop"),
                        null),
                new Case(
                        "the runtime's own",
                        Groups.waiting("chan receive", "runtime.gopark /go/p.go:1")
                                .members(30)
                                .with(g -> g.start = "runtime.bgsweep"),
                        null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({
        "sendsAndLocks",
        "waitsForSomethingToDo",
        "olderThanTheTrace",
        "waitsForOtherMachines",
        "loops",
        "laterEnds",
        "placesThatSayNothing"
    })
    void judges(Case c) {
        // Given
        StuckGroup group = c.group().build();
        // When
        String rule = LeakRules.judge(group).map(LeakVerdict::rule).orElse(null);
        // Then
        assertThat(rule).isEqualTo(c.rule());
    }
}
