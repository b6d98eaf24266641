package io.unpark.analysis.instance;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.DeadlineSigns;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Wait;
import io.unpark.trace.GoState;
import java.util.ArrayList;
import java.util.List;

/** Makes the segments of the requests at a generation's end, and lets go of those that are over. */
final class SegmentMaker {
    /** Goroutines that go on after their request's deadline are followed for so long. */
    private static final long LINGER_NS = 30_000_000_000L;

    /** An answer that is flushed as often as this on its way is a stream; while it goes on once will do. */
    private static final int STREAM_MIN_FLUSHES = 3;

    private final InstanceState state;
    private final Instance instance;
    private final RequestTracker tracker;
    private final LateWatch late;

    private final AnalysisConfig config;
    private final PathMaker paths;

    SegmentMaker(
            InstanceState state,
            Instance instance,
            AnalysisConfig config,
            RequestTracker tracker,
            LateWatch late,
            PathMaker paths) {
        this.config = config;
        this.paths = paths;
        this.state = state;
        this.instance = instance;
        this.tracker = tracker;
        this.late = late;
    }

    /** A segment and the request it was made of. */
    record Made(OpenRequest request, RequestSegment segment) {}

    List<Made> boundary(long nowNs, long revision, String input, String capture, List<ChunkRef> chunks) {
        List<Made> made = new ArrayList<>();
        List<OpenRequest> kept = new ArrayList<>();
        for (OpenRequest request : tracker.requests) {
            Goroutine main = request.ended() ? null : state.goroutines.get(request.mainGoroutine);
            late.boundary(request, main, nowNs);
            if (request.leftUnresolved) {
                // Whether its client had left shows as soon as its connection goes on or ends.
                request.resolveLeft(state.goroutines);
                kept.add(request);
                continue;
            }
            if (request.isNamedByPart(request.ended() ? request.endNs : nowNs)) {
                request.forgetTask();
            }
            if (isTold(request)) {
                judge(request, nowNs);
                made.add(new Made(request, segment(request, main, nowNs, revision, input, capture, chunks)));
                request.changed = false;
            }
            if (isKept(request, nowNs)) {
                kept.add(request);
            } else {
                request.members.forEach(m -> m.request = null);
                request.members.clear();
            }
        }
        tracker.requests.clear();
        tracker.requests.addAll(kept);
        markSlowest(made);
        made.forEach(m -> measure(m.request()));
        state.routes.fade();
        state.causes.endGeneration(oldestNs(kept, nowNs), nowNs);
        return shared(made);
    }

    /** Against the generations before; one that has ended is judged once. */
    private void judge(OpenRequest r, long nowNs) {
        if (!r.measured) {
            long endNs = r.ended() ? r.endNs : nowNs;
            String route = route(r);
            r.verdict = state.routes.judge(route, endNs - r.startNs, config.scoped(instance.service(), route));
        }
    }

    /** Those that ended in this generation, against those before them in the same minute. */
    private void markSlowest(List<Made> made) {
        List<SlowestRequests.Ended> ended = made.stream()
                .filter(m -> m.request().ended() && !m.request().measured)
                .map(m -> new SlowestRequests.Ended(
                        m.request(), m.segment().route(), m.segment().endNs()))
                .toList();
        state.slowest.mark(ended, config.slowestRequests());
    }

    private void measure(OpenRequest r) {
        if (r.ended() && !r.measured) {
            r.measured = true;
            if (!r.startTruncated && !r.cut) {
                state.routes.add(route(r), r.endNs - r.startNs);
            }
        }
    }

    private static long oldestNs(List<OpenRequest> kept, long nowNs) {
        long oldestNs = nowNs;
        for (OpenRequest request : kept) {
            oldestNs = request.ended() ? oldestNs : Math.min(oldestNs, request.startNs);
        }
        return oldestNs;
    }

    private static List<Made> shared(List<Made> made) {
        RootShares shares = new RootShares(made.stream().map(Made::segment).toList());
        return made.stream()
                .map(m -> new Made(m.request(), shares.shared(m.segment()).withSlowest(m.request().slowest)))
                .toList();
    }

    /** One that is open too: this generation may have been the last. */
    private static boolean isTold(OpenRequest request) {
        return request.confirmed && (request.changed || !request.ended());
    }

    private static boolean isKept(OpenRequest request, long nowNs) {
        if (!request.ended()) {
            return true;
        }
        return request.confirmed
                && request.expired()
                && !request.members.isEmpty()
                && nowNs - request.expiredNs < LINGER_NS;
    }

    private RequestSegment segment(
            OpenRequest r,
            Goroutine main,
            long nowNs,
            long revision,
            String input,
            String capture,
            List<ChunkRef> chunks) {
        String local = capture + "/" + r.mainGoroutine + "@" + r.startNs;
        String instanceKey = instance.namespace() + "/" + instance.service() + "/" + instance.name();
        return new RequestSegment(
                r.traceId.isEmpty() ? instanceKey + "/" + local : r.traceId,
                r.spanId.isEmpty() ? local : r.spanId,
                r.parentSpanId,
                revision,
                instance,
                input,
                route(r),
                r.mainGoroutine,
                state.clock.wall(r.startNs),
                state.clock.wall(r.ended() ? r.endNs : nowNs),
                r.startTruncated,
                !r.ended() || r.cut,
                r.attribution(),
                r.handler,
                r.headerDeadlineWallNs,
                r.contextDeadlineWallNs,
                r.expired() ? state.clock.wall(r.expiredNs) : 0,
                r.canceled,
                r.cpuNs,
                r.split.split(),
                waits(r, main, nowNs),
                r.calls.stream().map(this::onWallClock).toList(),
                r.late,
                chunks,
                signs(r),
                paths.path(r, main, nowNs),
                r.allMembers(nowNs),
                r.membersMade + r.workers.size(),
                r.slowest);
    }

    private static DeadlineSigns signs(OpenRequest r) {
        return new DeadlineSigns(
                r.told,
                r.idLogger,
                r.deadlineLogged,
                r.expired() && r.expirySeen,
                r.expired() && r.expiryInferred,
                r.clientLeft,
                r.flushes >= STREAM_MIN_FLUSHES || r.flushes > 0 && !r.ended());
    }

    /** The route that was told, else the handler's function: it names the request as well as can be. */
    private static String route(OpenRequest r) {
        if (!r.route.isEmpty() || r.handler.isEmpty()) {
            return r.route;
        }
        return r.handler.frames().get(0).function();
    }

    private List<Wait> waits(OpenRequest r, Goroutine main, long nowNs) {
        List<Wait> waits = new ArrayList<>(r.waits);
        if (main != null && main.state == GoState.WAITING) {
            waits.add(tracker.wait(main, Math.max(main.sinceNs, r.startNs), nowNs, true));
        }
        waits.sort(OpenRequest.LONGEST_FIRST);
        return waits.stream()
                .limit(RequestSegment.MAX_WAITS)
                .map(this::onWallClock)
                .toList();
    }

    private Wait onWallClock(Wait w) {
        long startNs = state.clock.wall(w.startNs());
        return new Wait(
                w.goroutine(),
                startNs,
                w.durationNs(),
                w.atLeast(),
                w.reason(),
                w.stack(),
                w.wakerGoroutine(),
                w.wakerStack());
    }

    private OutgoingCall onWallClock(OutgoingCall c) {
        return c.at(state.clock.wall(c.startNs()), c.endNs() == 0 ? 0 : state.clock.wall(c.endNs()));
    }
}
