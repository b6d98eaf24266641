package io.unpark.analysis.detect;

import io.unpark.analysis.Samples;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.DeadlineSigns;
import io.unpark.analysis.model.LateWork;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.analysis.model.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** One service's part of a request: goroutine 7, {@code GET /a}, 1,000 ms long unless told otherwise. */
final class Requests {
    static final long MS = 1_000_000L;
    static final long T0_NS = 1_763_856_000_000_000_000L;
    static final Stack WAITING =
            Samples.stack("runtime.chanrecv1 /go/chan.go:1", "main.handle /src/main.go:30", "main.main /src/main.go:3");

    String route = "GET /a";
    long lengthMs = 1_000;
    long headerDeadlineMs;
    long contextDeadlineMs;
    boolean canceled;
    boolean streamed;
    Confidence attribution = Confidence.CERTAIN;
    final List<Wait> waits = new ArrayList<>();
    final List<OutgoingCall> calls = new ArrayList<>();
    final List<LateWork> late = new ArrayList<>();
    private final TreeMap<String, Long> blockedNs = new TreeMap<>();

    static Requests request() {
        return new Requests();
    }

    Requests route(String name) {
        route = name;
        return this;
    }

    Requests streamed() {
        streamed = true;
        return this;
    }

    Requests waited(String reason, long ms) {
        return waited(7, reason, ms, WAITING);
    }

    Requests waited(long goroutine, String reason, long ms, Stack stack) {
        waits.add(new Wait(
                goroutine,
                T0_NS,
                ms * MS,
                false,
                reason,
                stack,
                9,
                Samples.stack("runtime.chansend1 /go/chan.go:1", "main.produce /src/main.go:50")));
        if (goroutine == 7) {
            blockedNs.merge(reason, ms * MS, Long::sum);
        }
        return this;
    }

    /** Ended by a timer. */
    Requests timed(String reason, long ms) {
        waits.add(new Wait(7, T0_NS, ms * MS, false, reason, WAITING, -1, Stack.EMPTY));
        blockedNs.merge(reason, ms * MS, Long::sum);
        return this;
    }

    Requests late(long goroutine, long lateMs, Stack stack) {
        late.add(new LateWork(goroutine, lateMs * MS, MS, false, stack));
        return this;
    }

    Requests deadlines(long headerMs, long contextMs) {
        headerDeadlineMs = headerMs;
        contextDeadlineMs = contextMs;
        return this;
    }

    /** @param endMs 0 when it has not returned */
    Requests called(boolean detached, long contextDeadlineAtMs, long endMs) {
        calls.add(new OutgoingCall(
                "",
                "b0",
                "orders:8080",
                "POST /orders",
                T0_NS + 10 * MS,
                at(endMs),
                at(contextDeadlineAtMs),
                0,
                detached,
                "",
                Samples.stack("net/http.(*Client).Do /go/client.go:9", "main.call /src/main.go:57")));
        return this;
    }

    private static long at(long ms) {
        return ms == 0 ? 0 : T0_NS + ms * MS;
    }

    RequestSegment build() {
        return new RequestSegment(
                "4bf92f3577b34da6a3ce929d0e0e4736",
                "a0",
                "",
                1,
                Samples.instance("orders-1"),
                "orders.trace",
                route,
                7,
                T0_NS,
                T0_NS + lengthMs * MS,
                false,
                false,
                attribution,
                Stack.EMPTY,
                at(headerDeadlineMs),
                at(contextDeadlineMs),
                T0_NS + 100 * MS,
                canceled,
                0,
                new TimeSplit(0, 0, 0, 0, 0, blockedNs),
                waits,
                calls,
                late,
                List.of(),
                new DeadlineSigns(false, "", false, false, false, false, streamed),
                RequestPath.NONE,
                List.of(),
                0,
                false);
    }
}
