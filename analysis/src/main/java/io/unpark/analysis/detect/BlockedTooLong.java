package io.unpark.analysis.detect;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Wait;
import io.unpark.analysis.place.UserCode;
import io.unpark.analysis.request.CausalChain;
import io.unpark.analysis.request.RootEvidence;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code blocked_too_long}: one wait, or the sum of the waits of one reason, of a request is beyond its limit. */
final class BlockedTooLong implements RequestDetector {
    private static final Comparator<Wait> LONGEST = Comparator.comparingLong(Wait::durationNs)
            .thenComparing(Comparator.comparingLong(Wait::startNs).reversed());

    /** Frames of net/http under which a handler reads its request's body or writes its answer. */
    private static final Set<String> CLIENT = Set.of(
            "net/http.(*body).Read",
            "net/http.(*response).Write",
            "net/http.(*response).WriteString",
            "net/http.(*response).ReadFrom",
            "net/http.(*response).FlushError",
            "net/http.(*http2requestBody).Read",
            "net/http.(*http2responseWriter).Write",
            "net/http.(*http2responseWriter).FlushError",
            "golang.org/x/net/http2.(*requestBody).Read",
            "golang.org/x/net/http2.(*responseWriter).Write",
            "golang.org/x/net/http2.(*responseWriter).FlushError");

    private static final String OUTGOING = "net/http.(*Client).do";

    @Override
    public Kind kind() {
        return Kind.BLOCKED_TOO_LONG;
    }

    @Override
    public List<Judgement> judge(RequestSegment segment, AnalysisConfig config, UserCode userCode) {
        if (config.longPollRoutes().contains(segment.route()) || !waitedSoLong(segment, config.blockedRequestNs())) {
            return List.of();
        }
        Optional<Wait> longest = segment.waits().stream()
                .filter(w -> w.goroutine() == segment.goroutine())
                .filter(w -> isBlocking(w.reason()) && userCode.line(w.stack()).isPresent())
                .filter(w -> !isForTheClient(w, segment) && !isTimed(w, segment, userCode))
                .filter(w -> !isBetweenPieces(w, segment, userCode))
                .max(LONGEST);
        if (longest.isEmpty()) {
            return List.of();
        }
        Wait wait = longest.get();
        long sumNs = segment.split().blockedNs().getOrDefault(wait.reason(), 0L);
        long limitNs = config.blockedRequestNs();
        // The sum counts when the waits are at one place: then it is one thing that is slow.
        if (wait.durationNs() < limitNs && !(sumNs >= limitNs && samePlaceNs(segment, wait) >= limitNs)) {
            return List.of();
        }
        Frame line = userCode.line(wait.stack()).orElseThrow();
        return List.of(judgement(segment, wait, line, sumNs, limitNs, userCode));
    }

    /** Whether any wait, or the sum of any kind of them, reaches the limit: of most requests none does, whatever they are. */
    private static boolean waitedSoLong(RequestSegment segment, long limitNs) {
        return segment.waits().stream().anyMatch(wait -> wait.durationNs() >= limitNs)
                || segment.split().blockedNs().values().stream().anyMatch(sumNs -> sumNs >= limitNs);
    }

    /** A deliberate sleep is no wait for anything. */
    private static boolean isBlocking(String reason) {
        return !reason.equals("sleep") && !reason.isEmpty() && !reason.startsWith("GC");
    }

    /**
     * The handler waits for its own client: for the rest of the request's body, or until the client has taken the answer. Of a
     * connection whose request began before the trace nobody knows whether the handler has taken it over.
     */
    private static boolean isForTheClient(Wait wait, RequestSegment segment) {
        List<String> functions =
                wait.stack().frames().stream().map(Frame::function).toList();
        boolean ownRead = functions.contains("net.(*conn).Read") && !functions.contains(OUTGOING);
        return functions.stream().anyMatch(CLIENT::contains)
                || ownRead && segment.startTruncated() && wait.reason().equals("network");
    }

    /**
     * The handler's own timer ended the wait, as in an event stream or a poll that found nothing: it slept, with an ear open. While a
     * select goes on nobody knows what will end it. A deadline of a context ends a wait by a goroutine, and is no such timer.
     */
    private static boolean isTimed(Wait wait, RequestSegment segment, UserCode userCode) {
        boolean select = wait.reason().equals("select");
        boolean goesOn = segment.endTruncated() && wait.startNs() + wait.durationNs() >= segment.endNs();
        boolean own = waitsIn(wait, userCode).isEmpty();
        boolean byTimer = wait.wakerGoroutine() < 0 && wait.wakerStack().isEmpty();
        return own && byTimer && (goesOn ? select : select || wait.reason().equals("chan receive"));
    }

    /** A stream waits for what there will be to send, as long as there is somebody to send it to. A lock, a pool and an upstream's answer it waits for as any other request. */
    private static boolean isBetweenPieces(Wait wait, RequestSegment segment, UserCode userCode) {
        boolean own = waitsIn(wait, userCode).isEmpty();
        return segment.deadlineSigns().streamed()
                && !segment.deadlineSigns().clientLeft()
                && own
                && (wait.reason().equals("select") || wait.reason().equals("chan receive"));
    }

    /**
     * The library's function in which the user's code waits, "" when it waits itself: to wait for a free connection and to wait for
     * an answer are two things, though one line of the user's does both.
     */
    private static String waitsIn(Wait wait, UserCode userCode) {
        return wait.stack().frames().stream()
                .map(Frame::function)
                .filter(f -> !f.startsWith("runtime.") && !f.startsWith("sync.") && !f.startsWith("internal/"))
                .findFirst()
                .filter(f -> userCode.isStandardLibrary(f) || userCode.isInfrastructure(f))
                .orElse("");
    }

    private static long samePlaceNs(RequestSegment segment, Wait wait) {
        return segment.waits().stream()
                .filter(w -> w.goroutine() == wait.goroutine() && w.stack().equals(wait.stack()))
                .mapToLong(Wait::durationNs)
                .sum();
    }

    private Judgement judgement(
            RequestSegment segment, Wait wait, Frame line, long sumNs, long limitNs, UserCode userCode) {
        long durationNs = Math.max(wait.durationNs(), samePlaceNs(segment, wait));
        Evidence.Builder evidence = Evidence.builder()
                .put("wait_reason", wait.reason())
                .put("waited_ns", wait.durationNs())
                .put("waited_at_least", wait.atLeast())
                .put("waited_sum_ns", sumNs)
                .put("limit_ns", limitNs)
                .put("request_ns", segment.endNs() - segment.startNs())
                .put("request", segment.requestId())
                .put("attribution", segment.attribution().id())
                .put("waiting_stack", wait.stack().display())
                .put("waker_stack", wait.wakerStack().display())
                .put("time_split", split(segment));
        boolean isOnPath = isOnPathToRoot(segment.path(), wait.reason(), line);
        if (isOnPath) {
            RootEvidence.addTo(evidence, segment.path());
        }
        String summary = "%s waited %s%d ms (%s) at %s."
                        .formatted(
                                segment.route().isEmpty() ? "A request" : segment.route(),
                                wait.atLeast() ? "at least " : "",
                                durationNs / 1_000_000,
                                wait.reason(),
                                line.function())
                + (isOnPath ? RootEvidence.sentence(segment.path()) : "");
        Severity severity = durationNs >= 5 * limitNs ? Severity.CRITICAL : Severity.WARNING;
        return new Judgement(
                kind(),
                new Place(line.function(), line.file(), line.line(), waitsIn(wait, userCode), segment.route()),
                "",
                severity,
                segment.attribution(),
                1,
                segment.startNs(),
                segment.endNs(),
                durationNs,
                summary,
                evidence.build(),
                cause(segment, wait, line, userCode),
                advice(wait.reason()));
    }

    /** Whether the wait, or what it waited for, is what most of the request's time went into. */
    private static boolean isOnPathToRoot(RequestPath path, String reason, Frame line) {
        for (int at = path.root(); at >= 0; at = path.hops().get(at).parent()) {
            PathHop hop = path.hops().get(at);
            if (hop.reason().equals(reason) && hop.line().equals(line)) {
                return true;
            }
        }
        return false;
    }

    private static List<String> split(RequestSegment segment) {
        var split = segment.split();
        List<String> shown = new java.util.ArrayList<>(List.of(
                "running " + split.runningNs() + " ns",
                "runnable " + split.runnableNs() + " ns",
                "syscall " + split.syscallNs() + " ns",
                "gc assist " + split.gcAssistNs() + " ns",
                "stop-the-world " + split.stopTheWorldNs() + " ns"));
        for (Map.Entry<String, Long> e : split.blockedNs().entrySet()) {
            shown.add("blocked (" + e.getKey() + ") " + e.getValue() + " ns");
        }
        return shown;
    }

    private static List<CauseStep> cause(RequestSegment segment, Wait wait, Frame line, UserCode userCode) {
        List<CauseStep> chain = CausalChain.ofWait(segment, wait.reason(), line);
        if (!chain.isEmpty()) {
            return chain;
        }
        String service = segment.instance().service();
        CauseStep waited = new CauseStep(
                service,
                segment.route(),
                "waited",
                wait.reason(),
                line.function(),
                line.file(),
                line.line(),
                wait.durationNs());
        if (wait.wakerStack().isEmpty()) {
            return List.of(waited);
        }
        Frame waker = userCode.line(wait.wakerStack())
                .orElse(wait.wakerStack().frames().get(0));
        return List.of(
                waited,
                new CauseStep(
                        service, "", "woke it", "", waker.function(), waker.file(), waker.line(), wait.durationNs()));
    }

    private static Advice advice(String reason) {
        String fix = reason.startsWith("sync")
                ? "Look at who held it (the waker's stack): do less under the lock, or signal earlier."
                : reason.equals("network") || reason.equals("select")
                        ? "Bound the call: derive a shorter deadline for it, and decide what to answer when it passes."
                        : "Wait with a limit: select on ctx.Done() as well.";
        return Judgement.advice(fix, "The trace slice around the request in go tool trace.", Kind.BLOCKED_TOO_LONG);
    }
}
