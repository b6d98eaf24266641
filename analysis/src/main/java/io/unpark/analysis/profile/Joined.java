package io.unpark.analysis.profile;

import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What traces and profiles of one instance say together: a pure function of what each says alone.
 *
 * <p>A leak that both see is one finding, under the trace's fingerprint: a profile does not tell who started a goroutine, so the creation
 * site is the trace's where one was ever named for this place. Growth of the heap, of which a trace knows the total only, gives way to the
 * allocation sites that profiles of the same time name.
 */
final class Joined {
    /** Growth seen by a trace and growth seen by profiles are one when at most so much time lies between. */
    private static final long MAX_APART_NS = 600_000_000_000L;

    private static final String OF_PROFILES = "profile";

    /** Findings that profiles have a part in, by id. */
    final TreeMap<String, Finding> findings = new TreeMap<>();

    /** Ids of the trace's that give way. */
    final TreeSet<String> givenWay = new TreeSet<>();

    private final List<Finding> traces;

    private Joined(List<Finding> traces) {
        this.traces = traces;
    }

    static Joined of(List<Finding> byProfiles, List<Finding> traces) {
        Joined joined = new Joined(traces);
        for (Finding profile : byProfiles) {
            if (profile.kind() == Kind.GOROUTINE_LEAK) {
                joined.leak(profile);
            } else {
                joined.heap(profile);
            }
        }
        for (Finding trace : traces) {
            if (!trace.withdrawn()) {
                joined.findings.computeIfPresent(trace.findingId(), (id, profile) -> both(trace, profile));
            }
        }
        return joined;
    }

    private void leak(Finding profile) {
        Finding named = withCreation(profile, creation(profile));
        findings.merge(named.findingId(), named, Joined::sum);
    }

    private void heap(Finding profile) {
        Finding explained = profile;
        for (Finding trace : traces) {
            if (trace.kind() == Kind.HEAP_GROWTH && !trace.withdrawn() && areNear(trace, profile)) {
                givenWay.add(trace.findingId());
                explained = explaining(profile, trace);
            }
        }
        findings.put(explained.findingId(), explained);
    }

    /** The creation site that the trace named for goroutines that began the same way and wait there; else the guess. */
    private String creation(Finding profile) {
        String guess = profile.place().creationSite();
        List<Finding> here = traces.stream()
                .filter(trace -> trace.kind() == Kind.GOROUTINE_LEAK)
                .filter(trace -> trace.place().site().equals(profile.place().site()))
                .toList();
        boolean isNamed = !guess.isEmpty()
                && here.stream().anyMatch(it -> it.place().creationSite().equals(guess));
        if (here.isEmpty() || isNamed) {
            return guess;
        }
        return here.stream()
                .min(Comparator.comparing(
                                (Finding it) -> it.place().creationSite().isEmpty())
                        .thenComparing(it -> !start(it).equals(start(profile)))
                        .thenComparing(it -> it.place().creationSite()))
                .map(it -> it.place().creationSite())
                .orElse(guess);
    }

    private static Object start(Finding it) {
        return it.evidence().values().getOrDefault("start_function", "");
    }

    private static Finding withCreation(Finding it, String creation) {
        Place place = it.place();
        Place named = new Place(place.site(), place.file(), place.line(), creation, place.route());
        String anomalyId = Ids.anomaly(it.kind(), it.instance(), place.site(), creation, "");
        return Findings.copy(it, Ids.finding(it.kind(), it.subject(), anomalyId), anomalyId, named);
    }

    /** Two places of a profile that have one name by the trace. */
    private static Finding sum(Finding a, Finding b) {
        Finding example =
                a.count() > b.count() || a.count() == b.count() && a.summary().compareTo(b.summary()) <= 0 ? a : b;
        Finding worst = Findings.with(
                example, worse(a.severity(), b.severity()), surer(a, b), example.summary(), example.evidence());
        return worst.spanning(a, b, Math.max(a.revision(), b.revision()), a.count() + b.count());
    }

    /** The trace's example, with what the profiles add. Both count the same goroutines, each at least those that it can see. */
    private static Finding both(Finding trace, Finding profile) {
        if (trace.kind() == Kind.HEAP_GROWTH) {
            return profile;
        }
        TreeMap<String, Object> facts = new TreeMap<>(trace.evidence().values());
        for (Map.Entry<String, Object> fact : profile.evidence().values().entrySet()) {
            if (fact.getKey().startsWith(OF_PROFILES)) {
                facts.put(fact.getKey(), fact.getValue());
            }
        }
        String summary = profile.confidence() == Confidence.CERTAIN
                ? trace.summary() + " The goroutineleak profile proves it of " + profile.count() + "."
                : trace.summary();
        Finding joined = Findings.with(
                trace,
                worse(trace.severity(), profile.severity()),
                surer(trace, profile),
                summary,
                new Evidence(facts));
        return Findings.spanning(
                joined, trace, profile, trace.revision() + 1, Math.max(trace.count(), profile.count()));
    }

    private static Finding explaining(Finding profile, Finding trace) {
        Evidence evidence = profile.evidence();
        for (Map.Entry<String, Object> fact : trace.evidence().values().entrySet()) {
            if (fact.getKey().startsWith("goal") || fact.getKey().equals("cycles")) {
                evidence = evidence.with(fact.getKey(), fact.getValue());
            }
        }
        Finding explained = Findings.with(
                profile,
                worse(profile.severity(), trace.severity()),
                surer(profile, trace),
                profile.summary(),
                evidence);
        return Findings.spanning(explained, trace, profile, profile.revision(), profile.count());
    }

    private static boolean areNear(Finding trace, Finding profile) {
        return trace.lastSeenNs() == 0 // a trace without a wall clock: nothing says that they are apart
                || trace.firstSeenNs() - MAX_APART_NS <= profile.lastSeenNs()
                        && profile.firstSeenNs() - MAX_APART_NS <= trace.lastSeenNs();
    }

    private static Severity worse(Severity a, Severity b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Confidence surer(Finding a, Finding b) {
        return a.confidence().compareTo(b.confidence()) >= 0 ? a.confidence() : b.confidence();
    }
}
