package io.unpark.sink.web;

import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Frame;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RouteEdge;
import io.unpark.schemas.record.RouteRoot;
import io.unpark.schemas.record.RouteWindow;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.schemas.record.Severity;
import io.unpark.schemas.record.SlowRequest;
import io.unpark.schemas.record.TimeSplit;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import io.unpark.sink.store.SinkBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Four services that call each other, and a database; and two versions of one of them. */
final class FleetSamples {
    private static final long MS = 1_000_000;

    private FleetSamples() {}

    /** The gateway's calls to orders lose their deadline, and are most of its time. */
    static SinkBatch fleet() throws Exception {
        Anomaly lost = Samples.anomaly("lost", "orders", "deadline_not_propagated")
                .setSummary("orders ran without the deadline of its caller")
                .setCount(142)
                .setEvidence(Map.of("caller_service", "gateway", "call", "POST /orders to orders:8080"))
                .setCause(List.of())
                .build();
        List<RuntimeWindow> windows = new ArrayList<>();
        for (String service : List.of("gateway", "orders", "stock", "prices")) {
            windows.add(Samples.runtimeWindow(service, 1).build());
        }
        List<RouteWindow> routes = List.of(
                route("gateway", "GET /checkout", root("orders:8080", 700))
                        .setEdges(List.of(
                                new RouteEdge("orders:8080", "POST /orders", 120L, 20L),
                                new RouteEdge("prices:8080", "GET /price", 30L, 30L)))
                        .build(),
                route("orders", "POST /orders", root("stock.shop.svc.cluster.local:80", 300))
                        .setSlowest(List.of(new SlowRequest(RequestSamples.ID, 282 * MS)))
                        .setEdges(List.of(
                                new RouteEdge("stock.shop.svc.cluster.local:80", "GET /stock", 90L, 50L),
                                new RouteEdge("10.0.0.9:5432", "query", 70L, 0L)))
                        .build(),
                route("stock", "GET /stock").setEdges(List.of()).build(),
                route("prices", "GET /price").setEdges(List.of()).build());
        return TestRows.of(List.of(lost), windows, routes, List.of(RequestSamples.withPaths()), WebServer.nowMs());
    }

    private static RouteWindow.Builder route(String service, String route, RouteRoot... roots) {
        return Samples.routeWindow(service, 1, route)
                .setSplit(new TimeSplit(1_000 * MS, 0L, 0L, 0L, 0L, Map.of()))
                .setRoots(List.of(roots));
    }

    private static RouteRoot root(String peer, long explainedMs) {
        return RouteRoot.newBuilder()
                .setKind("waiting")
                .setReason("network")
                .setPlace(new Frame("main.call", "main.go", 7))
                .setRequests(100)
                .setExplainedNs(explainedMs * MS)
                .setPeer(peer)
                .build();
    }

    /** Version 1.4.2 waits for a lock and leaks; 1.5.0 does neither, and has a race. */
    static SinkBatch twoVersions() throws Exception {
        List<RuntimeWindow> windows = new ArrayList<>();
        List<RouteWindow> routes = new ArrayList<>();
        for (int second = 0; second < 40; second++) {
            Instance instance =
                    second < 20 ? Samples.instance("orders") : new Instance("shop", "orders", "orders-7f", "v1.5.0");
            windows.add(Samples.runtimeWindow("orders", second)
                    .setInstance(instance)
                    .setSchedLatency(Samples.histogram(second < 20 ? 20 : 14, 200))
                    .build());
            routes.add(Samples.routeWindow("orders", second, "POST /orders")
                    .setInstance(instance)
                    .setLatency(Samples.histogram(second < 20 ? 28 : 24, 120))
                    .setSplit(second < 20 ? split(6_000, 36_000) : split(6_000, 600))
                    .build());
        }
        return TestRows.of(
                List.of(
                        anomaly(
                                "gone-1",
                                "goroutine_leak",
                                Severity.WARNING,
                                1,
                                18,
                                "quotes never finish: stuck in chan send"),
                        anomaly(
                                "gone-2",
                                "mutex_contention",
                                Severity.CRITICAL,
                                2,
                                19,
                                "most of the time is spent on the lock of the cart"),
                        anomaly(
                                "new",
                                "data_race",
                                Severity.CRITICAL,
                                25,
                                35,
                                "data race on a map in main.(*Cart).Add"),
                        anomaly(
                                "stays",
                                "missing_deadline",
                                Severity.INFO,
                                1,
                                39,
                                "POST /orders runs without any deadline")),
                windows,
                routes,
                List.of(),
                WebServer.nowMs());
    }

    private static TimeSplit split(long runningMs, long lockMs) {
        return new TimeSplit(runningMs * MS, 300 * MS, 200 * MS, 100 * MS, 0L, Map.of("sync mutex lock", lockMs * MS));
    }

    private static Anomaly anomaly(String id, String kind, Severity severity, long firstS, long lastS, String summary) {
        List<String> instances = lastS < 20
                ? List.of("orders-1")
                : firstS >= 20 ? List.of("orders-7f") : List.of("orders-1", "orders-7f");
        return Samples.anomaly(id, "orders", kind)
                .setInstance(new Instance("shop", "orders", instances.get(0), ""))
                .setSeverity(severity)
                .setSummary(summary)
                .setFirstSeenNs(Samples.START_NS + firstS * Samples.SECOND_NS)
                .setLastSeenNs(Samples.START_NS + lastS * Samples.SECOND_NS)
                .setEvidence(Map.of("instance_names", instances))
                .build();
    }
}
