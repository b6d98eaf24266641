package io.unpark.analysis.request;

import io.unpark.analysis.Samples;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.DeadlineSigns;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.analysis.model.Wait;
import java.util.List;

/** A request of two services: gateway (150 ms to go) calls orders, which takes 300 ms unless told otherwise. */
final class Segments {
    static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    static final long T0_NS = 1_763_856_000_000_000_000L;
    static final long MS = 1_000_000;

    private Segments() {}

    static RequestSegment gateway(OutgoingCall... calls) {
        Stack handler =
                Samples.stack("main.(*Gateway).checkout /src/gateway/main.go:31", "net/http.(*conn).serve s.go:9");
        return segment("gateway", "a0", "", 1, "GET /checkout", handler)
                .deadlines(T0_NS + 150 * MS, T0_NS + 150 * MS)
                .lasting(0, 160)
                .calls(calls)
                .build();
    }

    /** A call of span {@code b0}, with deadlines in ms after the request's start; 0 for none. */
    static OutgoingCall call(long contextMs, long headerMs, boolean detached) {
        return call("b0", contextMs, headerMs, detached);
    }

    static OutgoingCall call(String span, long contextMs, long headerMs, boolean detached) {
        return new OutgoingCall(
                TRACE,
                span,
                "orders:8080",
                "POST /orders",
                T0_NS + 10 * MS,
                T0_NS + 150 * MS,
                at(contextMs),
                at(headerMs),
                detached,
                "",
                Samples.stack(
                        "net/http.(*Client).Do client.go:9", "main.(*Gateway).callOrders /src/gateway/main.go:57"));
    }

    static Builder orders() {
        return orders("b0", "a1");
    }

    static Builder orders(String parent, String span) {
        Stack handler = Samples.stack("main.createOrder /src/orders/main.go:88", "net/http.(*conn).serve s.go:9");
        return segment("orders", span, parent, 1, "POST /orders", handler).lasting(12, 312);
    }

    static long at(long ms) {
        return ms == 0 ? 0 : T0_NS + ms * MS;
    }

    static Builder segment(String service, String span, String parent, long revision, String route, Stack handler) {
        Builder builder = new Builder();
        builder.service = service;
        builder.span = span;
        builder.parent = parent;
        builder.revision = revision;
        builder.route = route;
        builder.handler = handler;
        return builder;
    }

    static final class Builder {
        private String service;
        private String span;
        private String parent;
        private long revision;
        private String route;
        private Stack handler;
        private long headerNs;
        private long contextNs;
        private long startNs;
        private long endNs;
        private boolean startTruncated;
        private Confidence attribution = Confidence.CERTAIN;
        private List<OutgoingCall> calls = List.of();
        private List<Wait> waits = List.of();
        private TimeSplit split = TimeSplit.ZERO;
        private long expiredNs;
        private boolean canceled;
        private DeadlineSigns signs = DeadlineSigns.NONE;

        /** Annotated: a deadline that is not there does not exist. */
        Builder told() {
            return signs(true, "");
        }

        /** Ids, and the deadline where there is one, were logged by that function. */
        Builder logged(String logger) {
            return signs(false, logger);
        }

        Builder signs(boolean told, String logger) {
            signs = new DeadlineSigns(told, logger, contextNs > 0, false, false, false, false);
            return this;
        }

        Builder streamed() {
            signs = new DeadlineSigns(true, "", false, false, false, false, true);
            return this;
        }

        /** @param canceled by the client, else by its timer */
        Builder expired(long ms, boolean canceled) {
            expiredNs = at(ms);
            this.canceled = canceled;
            signs = new DeadlineSigns(signs.told(), signs.logger(), signs.logged(), true, false, canceled, false);
            return this;
        }

        Builder route(String name) {
            route = name;
            return this;
        }

        Builder waits(Wait... list) {
            waits = List.of(list);
            return this;
        }

        Builder split(TimeSplit spent) {
            split = spent;
            return this;
        }

        Builder deadlines(long headerNs, long contextNs) {
            this.headerNs = headerNs;
            this.contextNs = contextNs;
            return this;
        }

        Builder lasting(long startMs, long endMs) {
            startNs = T0_NS + startMs * MS;
            endNs = T0_NS + endMs * MS;
            return this;
        }

        Builder calls(OutgoingCall... calls) {
            this.calls = List.of(calls);
            return this;
        }

        Builder revision(long revision) {
            this.revision = revision;
            return this;
        }

        Builder attribution(Confidence attribution) {
            this.attribution = attribution;
            return this;
        }

        Builder startTruncated() {
            startTruncated = true;
            return this;
        }

        Builder handler(Stack handler) {
            this.handler = handler;
            return this;
        }

        RequestSegment build() {
            return new RequestSegment(
                    TRACE,
                    span,
                    parent,
                    revision,
                    new Instance("shop", service, service + "-1", "v1"),
                    service + ".trace",
                    route,
                    7,
                    startNs,
                    endNs,
                    startTruncated,
                    false,
                    attribution,
                    handler,
                    headerNs,
                    contextNs,
                    expiredNs,
                    canceled,
                    0,
                    split,
                    waits,
                    calls,
                    List.of(),
                    List.of(),
                    signs,
                    RequestPath.NONE,
                    List.of(),
                    0,
                    false);
        }
    }
}
