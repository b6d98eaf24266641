package io.unpark.analysis.request;

import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Severity;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code slow_request}: the instance has judged that the request took far longer than its route's requests do; here it gets
 * its chain, over all services whose segments are there.
 */
public final class SlowRequest {
    /** So many times the usual p99 is critical. */
    private static final long CRITICAL_FACTOR = 10;

    private static final String NEXT_TOOL =
            "unpark analyze --request with this trace id, and the trace slice around the request in go tool trace.";

    private final String configHash;
    private final long revision;

    SlowRequest(String configHash, long revision) {
        this.configHash = configHash;
        this.revision = revision;
    }

    Optional<Finding> judge(RequestSegment segment, Collection<RequestSegment> segments) {
        RequestPath path = segment.path();
        if (!path.slow()) {
            return Optional.empty();
        }
        List<ChainHop> chain = CausalChain.of(segment, segments);
        return Optional.of(finding(segment, chain, CausalChain.root(chain)));
    }

    private Finding finding(RequestSegment segment, List<ChainHop> chain, CausalChain.Root root) {
        long wallNs = segment.endNs() - segment.startNs();
        Frame handler = segment.handler().isEmpty()
                ? new Frame("", "", 0)
                : segment.handler().frames().get(0);
        Place place = new Place(handler.function(), handler.file(), handler.line(), "", segment.route());
        String anomalyId =
                Ids.anomaly(Kind.SLOW_REQUEST, segment.instance(), place.site(), place.creationSite(), segment.route());
        List<CauseStep> cause = ChainSteps.of(chain, wallNs);
        boolean critical = wallNs / CRITICAL_FACTOR >= segment.path().usualP99Ns();
        return new Finding(
                Ids.finding(Kind.SLOW_REQUEST, segment.requestId(), anomalyId),
                anomalyId,
                Kind.SLOW_REQUEST,
                segment.requestId(),
                revision,
                false,
                segment.instance(),
                segment.input(),
                place,
                critical ? Severity.CRITICAL : Severity.WARNING,
                segment.attribution(),
                1,
                segment.startNs(),
                segment.endNs(),
                wallNs,
                summary(segment, root, wallNs),
                evidence(segment, root, wallNs),
                cause,
                new Advice(fix(root), NEXT_TOOL, "detectors/slow_request.md"),
                segment.chunks(),
                configHash);
    }

    private static String summary(RequestSegment segment, CausalChain.Root root, long wallNs) {
        String slow = String.format(
                Locale.ROOT,
                "%s took %s%s, %.1f times its usual p99 of %s",
                segment.route().isEmpty() ? "A request" : segment.route(),
                isAtLeast(segment) ? "at least " : "",
                ms(wallNs),
                (double) wallNs / segment.path().usualP99Ns(),
                ms(segment.path().usualP99Ns()));
        if (root == null) {
            return slow + ".";
        }
        return String.format(
                Locale.ROOT,
                "%s: %d %% of it, %s %s%s.%s",
                slow,
                Shares.permille(root.hop().totalNs(), wallNs) / 10,
                root.hop().segment().instance().service(),
                root.hop().what(),
                at(root.place()),
                RootEvidence.sentence(segment.path()));
    }

    private static String ms(long ns) {
        return String.format(Locale.ROOT, ns < 10_000_000 ? "%.1f ms" : "%.0f ms", ns / 1e6);
    }

    private static String at(Frame place) {
        return place.function().isEmpty() ? "" : " at " + place.function();
    }

    private static boolean isAtLeast(RequestSegment segment) {
        return segment.startTruncated() || segment.endTruncated();
    }

    private static Evidence evidence(RequestSegment segment, CausalChain.Root root, long wallNs) {
        RequestPath path = segment.path();
        Evidence.Builder evidence = Evidence.builder()
                .put("request", segment.requestId())
                .put("attribution", segment.attribution().id())
                .put("took_ns", wallNs)
                .put("took_at_least", isAtLeast(segment))
                .put("usual_p99_ns", path.usualP99Ns())
                .put("judged_against_requests", path.judgedAgainst());
        if (root != null) {
            evidence.put("root_service", root.hop().segment().instance().service())
                    .put("root_kind", root.hop().hop().kind().id())
                    .put("root_reason", root.hop().hop().reason())
                    .put("root_what", root.hop().what())
                    .put("root_line", root.place().display())
                    .put("root_ns", root.hop().totalNs())
                    .put("root_permille", Shares.permille(root.hop().totalNs(), wallNs));
        }
        RootEvidence.addTo(evidence, path);
        return evidence.build();
    }

    private static String fix(CausalChain.Root root) {
        if (root == null) {
            return "Look at the time split of the request.";
        }
        String line = at(root.place());
        HopKind kind = root.hop().hop().kind();
        return switch (kind) {
            case RUNNING -> "Do less work" + line + ", or do it outside the request.";
            case READY ->
                "There were more goroutines ready than processors: limit what runs at once, or give it more CPU.";
            case SYSCALL -> "A system call took long" + line + ": keep slow file or device access out of the request.";
            case GC_ASSIST ->
                "The request paid for its allocations" + line + ": allocate less, reuse, or raise GOGC or GOMEMLIMIT.";
            case STOPPED -> "The world was stopped: see stw_pause.";
            case UNKNOWN -> "The cause lies before the trace or beyond what is kept: capture for longer.";
            case WAITING -> waiting(root, line);
        };
    }

    private static String waiting(CausalChain.Root root, String line) {
        return switch (root.hop().hop().reason()) {
            case "network", "select" ->
                "The time went into a call" + line
                        + ": bound it by a deadline, keep it out of locks, and look at whom it calls.";
            case "sleep", "timer" ->
                "It waited for time to pass" + line + ": shorten it, or wait for the event instead.";
            default -> "Look" + line + ": that is where the chain ends.";
        };
    }
}
