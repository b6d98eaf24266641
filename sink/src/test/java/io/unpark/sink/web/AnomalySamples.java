package io.unpark.sink.web;

import io.unpark.schemas.record.Advice;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Place;
import io.unpark.sink.Samples;
import java.util.List;
import java.util.Map;

/** Anomalies with the evidence that the detectors give. */
final class AnomalySamples {
    private static final long MS = 1_000_000;

    private AnomalySamples() {}

    static Anomaly.Builder mutexContention() {
        return Samples.anomaly("m1", "inventory", "mutex_contention")
                .setPlace(new Place("main.(*server).reserveSlowly", "/src/cmd/inventory/reserve.go", 29, "", ""))
                .setSummary("40 waits for the lock at main.(*server).reserveSlowly took 11.91 s together in 1.0 s,"
                        + " the longest 315 ms.")
                .setSlices(List.of(Samples.ref("go-trace-chunks", 0, 1, "capture-1", 1)))
                .setCount(5)
                .setCause(List.of())
                .setAdvice(new Advice(
                        "Do less while holding it: the work between Lock and Unlock needs no lock.",
                        "The flame graph, and the trace slice in go tool trace (synchronization blocking profile).",
                        "detectors/mutex_contention.md"))
                .setEvidence(Map.of(
                        "waited_max_ns", 315 * MS,
                        "waited_total_ns", 11_911 * MS,
                        "waits", 40L,
                        "explains_requests", 40L,
                        "explains_of_requests", 78L,
                        "explains_request_time_permille", 911L,
                        "holder_stack",
                                List.of(
                                        "sync.(*Mutex).Unlock sync/mutex.go:65",
                                        "main.(*server).reserveSlowly /src/cmd/inventory/reserve.go:32"),
                        "instances", 31L,
                        "instance_names", List.of("inventory-1", "inventory-2")));
    }

    static Anomaly.Builder goroutineLeak() {
        return Samples.anomaly("l1", "orders", "goroutine_leak")
                .setEvidence(Map.of(
                        "created",
                        87L,
                        "ended",
                        51L,
                        "longest_wait_ns",
                        5_048 * MS,
                        "wait_reason",
                        "chan send",
                        "blocking_stack",
                        List.of("runtime.chansend1 runtime/chan.go:161", "main.handler.func1 /src/orders/main.go:42"),
                        "instances",
                        1L,
                        "instance_names",
                        List.of("orders-1")));
    }

    static Anomaly.Builder blockedTooLong() {
        return Samples.anomaly("b1", "gateway", "blocked_too_long")
                .setSummary("GET /api waited 379 ms (select) at main.handler.func1.")
                .setEvidence(Map.of(
                        "limit_ns",
                        250 * MS,
                        "waited_ns",
                        379 * MS,
                        "waited_sum_ns",
                        380 * MS,
                        "request_ns",
                        400 * MS,
                        "request",
                        RequestSamples.ID,
                        "time_split",
                        List.of(
                                "running 15000000 ns",
                                "runnable 5000000 ns",
                                "syscall 0 ns",
                                "blocked (select) 380000000 ns"),
                        "shared_line",
                        "main.(*server).forward /src/gateway/routes.go:56",
                        "shared_by_requests",
                        37L,
                        "shared_of_requests",
                        37L,
                        "shared_route_time_permille",
                        999L));
    }

    static Anomaly.Builder dataRace() {
        return Samples.anomaly("r1", "inventory", "data_race")
                .setPlace(new Place("main.(*server).getStock", "/src/inventory/stock.go", 18, "", ""))
                .setSummary("Two goroutines write one map without a lock.")
                .setCause(List.of())
                .setEvidence(Map.of(
                        "sites", List.of("/src/inventory/stock.go:18", "/src/inventory/price.go:22"),
                        "operations", List.of("write", "previous read"),
                        "goroutines", List.of("27", "31"),
                        "stack_1",
                                List.of(
                                        "runtime.mapassign_faststr runtime/map.go:1",
                                        "main.(*server).getStock /src/inventory/stock.go:18"),
                        "stack_2", List.of("main.(*server).getPrice /src/inventory/price.go:22")));
    }
}
