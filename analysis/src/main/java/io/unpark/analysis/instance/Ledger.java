package io.unpark.analysis.instance;

import io.unpark.analysis.detect.Judgement;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The judgements that stand for one instance, and what of them is new. Three manners: a leak is judged whole each time and
 * replaces what was said; a kind counted in generations adds up; a request's are replaced while the request is followed.
 */
final class Ledger {
    private final Instance instance;
    private final String configHash;

    /**
     * Findings of process kinds that one instance may have at a time. Each is a place in its code, so a program stays far below; beyond, new
     * ones are not said.
     */
    static final int MAX_STANDING = 2_000;

    /** New findings that were beyond that, since this object was made. */
    long notTaken;

    /** Process kinds, by finding id. */
    final TreeMap<String, Finding> standing = new TreeMap<>();

    /** While a capture's first generation is read: what was judged whole of the one before. */
    private final TreeMap<String, Finding> ofCaptureBefore = new TreeMap<>();

    /** Requests that are still followed, by local number: what was said of them. */
    final TreeMap<Long, List<Finding>> ofRequests = new TreeMap<>();

    Ledger(Instance instance, String configHash) {
        this.instance = instance;
        this.configHash = configHash;
    }

    /** What was judged of a process kind at a generation's end. */
    List<Finding> judged(Kind kind, List<Judgement> judged, Stamp stamp) {
        return switch (Kinds.manner(kind)) {
            case WHOLE -> replace(kind, judged, stamp);
            case ADDED -> add(kind, judged, stamp);
            case LATEST -> latest(judged, stamp);
        };
    }

    private List<Finding> latest(List<Judgement> judged, Stamp stamp) {
        List<Finding> changes = new ArrayList<>();
        byId(judged, Ids.subject(instance), stamp).values().forEach(f -> put(f, changes));
        return changes;
    }

    /** What is not said again is withdrawn. */
    private List<Finding> replace(Kind kind, List<Judgement> judged, Stamp stamp) {
        Map<String, Finding> now = byId(judged, Ids.subject(instance), stamp);
        List<Finding> changes = new ArrayList<>();
        standing.values().removeIf(old -> {
            boolean gone = old.kind() == kind && !now.containsKey(old.findingId());
            if (gone) {
                changes.add(old.withdrawnAt(stamp.revision()));
            }
            return gone;
        });
        now.values().forEach(f -> put(f, changes));
        return changes;
    }

    /** This generation is added to those before. */
    private List<Finding> add(Kind kind, List<Judgement> judged, Stamp stamp) {
        List<Finding> changes = new ArrayList<>();
        for (Finding found : byId(judged, Ids.subject(instance), stamp).values()) {
            Finding before = Kinds.onePerInstance(kind) ? only(kind) : standing.get(found.findingId());
            if (before == null) {
                put(found, changes);
                continue;
            }
            Finding sum = sum(before, found);
            if (!sum.findingId().equals(before.findingId())) {
                standing.remove(before.findingId());
                changes.add(before.withdrawnAt(stamp.revision()));
            }
            put(sum, changes);
        }
        return changes;
    }

    /** What was said of another capture stands: one of another process cannot take it back. */
    void beginCapture() {
        standing.values().removeIf(f -> {
            boolean whole = Kinds.manner(f.kind()) == Kinds.Manner.WHOLE;
            if (whole) {
                ofCaptureBefore.put(f.findingId(), f);
            }
            return whole;
        });
        ofRequests.clear();
    }

    /** The capture is of the process that the one before was of, or not: what was said then can be taken back. */
    void resume(boolean sameProcess) {
        if (sameProcess) {
            standing.putAll(ofCaptureBefore);
        }
        ofCaptureBefore.clear();
    }

    private Finding only(Kind kind) {
        return standing.values().stream()
                .filter(f -> f.kind() == kind)
                .findFirst()
                .orElse(null);
    }

    /** One request, judged again. {@code silent}: not judged, what was said stands. {@code followed}: it may be judged once more. */
    List<Finding> request(
            long local, String requestId, List<Judgement> judged, Set<Kind> silent, boolean followed, Stamp stamp) {
        List<Finding> before = ofRequests.getOrDefault(local, List.of());
        Map<String, Finding> now = byId(judged, requestId, stamp);
        before.stream().filter(f -> silent.contains(f.kind())).forEach(f -> now.putIfAbsent(f.findingId(), f));
        List<Finding> changes = new ArrayList<>();
        for (Finding old : before) {
            if (!now.containsKey(old.findingId())) {
                changes.add(old.withdrawnAt(stamp.revision()));
            }
        }
        now.values().stream()
                .filter(f -> before.stream().noneMatch(old -> sameContent(old, f)))
                .forEach(changes::add);
        if (followed && !now.isEmpty()) {
            ofRequests.put(local, List.copyOf(now.values()));
        } else {
            ofRequests.remove(local);
        }
        return changes;
    }

    private void put(Finding found, List<Finding> changes) {
        if (standing.size() >= MAX_STANDING && !standing.containsKey(found.findingId())) {
            notTaken++;
            return;
        }
        Finding before = standing.put(found.findingId(), found);
        if (before == null || !sameContent(before, found)) {
            changes.add(found);
        }
    }

    /** By finding id; of two with one id the worse stays. */
    private Map<String, Finding> byId(List<Judgement> judged, String subject, Stamp stamp) {
        Map<String, Finding> findings = new LinkedHashMap<>();
        for (Judgement judgement : judged) {
            Finding finding = finding(judgement, subject, stamp);
            findings.merge(finding.findingId(), finding, (a, b) -> worse(b, a) ? b : a);
        }
        return findings;
    }

    /**
     * One finding per id: a trace may come through this service twice in one generation, and is one subject. What stands
     * wins over what is withdrawn, then the worse example.
     */
    static List<Finding> oneEach(List<Finding> findings) {
        Map<String, Finding> byId = new LinkedHashMap<>();
        for (Finding finding : findings) {
            byId.merge(finding.findingId(), finding, (a, b) -> replaces(b, a) ? b : a);
        }
        return List.copyOf(byId.values());
    }

    private static boolean replaces(Finding b, Finding a) {
        return a.withdrawn() || !b.withdrawn() && worse(b, a);
    }

    private static boolean worse(Finding a, Finding b) {
        int bySeverity = a.severity().compareTo(b.severity());
        return bySeverity != 0 ? bySeverity > 0 : a.durationNs() > b.durationNs();
    }

    /** The worse example of the two, with both counts. */
    private static Finding sum(Finding before, Finding found) {
        Finding worst = LaneSums.WORST.compare(found, before) < 0 ? found : before;
        return worst.spanning(before, found, found.revision(), before.count() + found.count());
    }

    private static boolean sameContent(Finding a, Finding b) {
        return a.count() == b.count()
                && a.severity() == b.severity()
                && a.confidence() == b.confidence()
                && a.firstSeenNs() == b.firstSeenNs()
                && a.lastSeenNs() == b.lastSeenNs()
                && a.durationNs() == b.durationNs()
                && a.place().equals(b.place())
                && a.summary().equals(b.summary())
                && a.evidence().equals(b.evidence())
                && a.cause().equals(b.cause());
    }

    /** What a generation puts on its findings; without a wall clock they have no time. */
    record Stamp(long revision, boolean hasWallClock, String input, List<ChunkRef> chunks) {}

    private Finding finding(Judgement j, String subject, Stamp stamp) {
        String anomalyId =
                Ids.anomaly(j.kind(), instance, j.place().site(), j.place().creationSite(), j.identityRoute());
        return new Finding(
                Ids.finding(j.kind(), subject, anomalyId),
                anomalyId,
                j.kind(),
                subject,
                stamp.revision(),
                false,
                instance,
                stamp.input(),
                j.place(),
                j.severity(),
                j.confidence(),
                j.count(),
                stamp.hasWallClock() ? j.firstSeenNs() : 0,
                stamp.hasWallClock() ? j.lastSeenNs() : 0,
                j.durationNs(),
                j.summary(),
                j.evidence(),
                j.cause(),
                j.advice(),
                stamp.chunks(),
                configHash);
    }
}
