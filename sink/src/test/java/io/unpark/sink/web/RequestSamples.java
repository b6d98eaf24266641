package io.unpark.sink.web;

import io.unpark.schemas.record.Attribution;
import io.unpark.schemas.record.CauseStep;
import io.unpark.schemas.record.Frame;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.Member;
import io.unpark.schemas.record.OutgoingCall;
import io.unpark.schemas.record.PathHop;
import io.unpark.schemas.record.RequestPath;
import io.unpark.schemas.record.RequestSegment;
import io.unpark.schemas.record.RequestTrace;
import io.unpark.schemas.record.TimeSplit;
import io.unpark.schemas.record.Wait;
import io.unpark.sink.Samples;
import java.util.List;
import java.util.Map;

/** A request of 300 ms: the gateway calls orders without telling its deadline of 250 ms, and orders waits for a lock. */
public final class RequestSamples {
    public static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static final long MS = 1_000_000;
    private static final long START_NS = Samples.START_NS;
    private static final String SPAN = "00f067aa0ba902b7";

    private RequestSamples() {}

    public static RequestTrace twoServices() {
        return RequestTrace.newBuilder()
                .setRequestId(ID)
                .setRevision(1)
                // By start, as they are stored; the callee's clock is a little behind its caller's.
                .setSegments(List.of(orders().build(), gateway().build()))
                .setChain(List.of(
                        step("gateway", "waited for orders:8080", "select", 40, 300, 0),
                        step("orders", "waited for a lock", "sync mutex lock", 260, 260, 1)))
                .build();
    }

    /** As {@link #twoServices}, with the chain of orders: goroutine 77 held the lock, and waited for the disk meanwhile. */
    static RequestTrace withPaths() {
        RequestPath path = RequestPath.newBuilder()
                .setHops(List.of(
                        hop(-1, "running", "", 19, 0, 15, 0),
                        hop(-1, "waiting", "sync mutex lock", 19, 15, 0, 88),
                        hop(1, "syscall", "", 77, 15, 200, 0),
                        hop(1, "running", "", 77, 215, 60, 0),
                        hop(-1, "running", "", 19, 275, 6, 0)))
                .build();
        Member refresher = Member.newBuilder()
                .setGoroutine(77)
                .setStartFunction("example.com/shop/orders.(*Cart).Refresh")
                .setCpuNs(60 * MS)
                .build();
        return RequestTrace.newBuilder(twoServices())
                .setSegments(List.of(
                        orders().setPath(path).setMembers(List.of(refresher)).build(),
                        gateway().build()))
                .build();
    }

    private static PathHop hop(
            int parent, String kind, String reason, long goroutine, long startMs, long ownMs, int wokenAtLine) {
        Frame none = new Frame("", "", 0);
        return PathHop.newBuilder()
                .setParent(parent)
                .setKind(kind)
                .setReason(reason)
                .setGoroutine(goroutine)
                .setAt(new Frame("example.com/shop/orders.(*Cart).Refresh", "/src/orders/cart.go", 88))
                .setLine(new Frame("example.com/shop/orders.(*Cart).Add", "/src/orders/cart.go", 41))
                .setWokenAt(
                        wokenAtLine == 0
                                ? none
                                : new Frame(
                                        "example.com/shop/orders.(*Cart).Refresh", "/src/orders/cart.go", wokenAtLine))
                .setStartNs(START_NS + startMs * MS)
                .setOwnNs(ownMs * MS)
                .build();
    }

    /** As {@link #twoServices}, with this as every name that comes from a trace. */
    static RequestTrace named(String name) {
        return RequestTrace.newBuilder(twoServices())
                .setSegments(List.of(renamed(gateway(), name)))
                .setChain(List.of(step(name, name, name, 40, 300, 0)))
                .build();
    }

    private static RequestSegment renamed(RequestSegment.Builder segment, String name) {
        return segment.setInstance(new Instance(name, name, name, name))
                .setRoute(name)
                .setSplit(new TimeSplit(20 * MS, 2 * MS, 1 * MS, 0L, 0L, Map.of(name, 277 * MS)))
                .setWaits(List.of(waited(START_NS + 12 * MS, 277, name, 77, List.of(new Frame(name, name, 1)))))
                .setCalls(List.of(OutgoingCall.newBuilder(segment.getCalls().get(0))
                        .setPeer(name)
                        .setRoute(name)
                        .build()))
                .build();
    }

    private static RequestSegment.Builder gateway() {
        return segment("gateway", "GET /checkout", 0, 300)
                .setSegmentId("b7ad6b7169203331")
                .setContextDeadlineNs(START_NS + 250 * MS)
                .setExpiredNs(START_NS + 250 * MS)
                .setSplit(new TimeSplit(20 * MS, 2 * MS, 1 * MS, 0L, 0L, Map.of("select", 277 * MS)))
                .setWaits(List.of(waited(START_NS + 12 * MS, 277, "select", -1, List.of())))
                .setCalls(List.of(OutgoingCall.newBuilder()
                        .setTraceId(ID)
                        .setSpanId(SPAN)
                        .setPeer("orders:8080")
                        .setRoute("POST /orders")
                        .setStartNs(START_NS + 10 * MS)
                        .setEndNs(START_NS + 290 * MS)
                        .setContextDeadlineNs(START_NS + 250 * MS)
                        .build()));
    }

    private static RequestSegment.Builder orders() {
        return segment("orders", "POST /orders", -1, 281)
                .setSegmentId("5fb397be34d26b51")
                .setParentSpanId(SPAN)
                .setSplit(new TimeSplit(15 * MS, 1 * MS, 4 * MS, 1 * MS, 1 * MS, Map.of("sync mutex lock", 260 * MS)))
                .setWaits(List.of(waited(
                        START_NS + 15 * MS,
                        260,
                        "sync mutex lock",
                        77,
                        List.of(new Frame("example.com/shop/orders.(*Cart).Refresh", "/src/orders/cart.go", 88)))));
    }

    private static RequestSegment.Builder segment(String service, String route, long startMs, long endMs) {
        return RequestSegment.newBuilder()
                .setRequestId(ID)
                .setRevision(1)
                .setInstance(Samples.instance(service))
                .setRoute(route)
                .setGoroutine(19)
                .setStartNs(START_NS + startMs * MS)
                .setEndNs(START_NS + endMs * MS)
                .setAttribution(Attribution.CERTAIN)
                .setCpuNs(20 * MS);
    }

    private static Wait waited(long startNs, long durationMs, String reason, long waker, List<Frame> wakerStack) {
        return Wait.newBuilder()
                .setGoroutine(19)
                .setStartNs(startNs)
                .setDurationNs(durationMs * MS)
                .setReason(reason)
                .setStack(List.of(
                        new Frame("sync.(*Mutex).Lock", "/usr/local/go/src/sync/mutex.go", 46),
                        new Frame("example.com/shop/orders.(*Cart).Add", "/src/orders/cart.go", 41)))
                .setWakerGoroutine(waker)
                .setWakerStack(wakerStack)
                .build();
    }

    private static CauseStep step(String service, String what, String reason, long ownMs, long totalMs, int depth) {
        return CauseStep.newBuilder()
                .setService(service)
                .setRoute("")
                .setWhat(what)
                .setReason(reason)
                .setFunction("example.com/shop/orders.(*Cart).Add")
                .setFile("/src/orders/cart.go")
                .setLine(41)
                .setDurationNs(ownMs * MS)
                .setDepth(depth)
                .setTotalNs(totalMs * MS)
                .setSharePermille((int) (totalMs * 1000 / 300))
                .build();
    }
}
