package io.unpark.analysis.race;

import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.RaceReport;
import io.unpark.analysis.model.RaceReport.Origin;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.place.UserCode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code data_race}: one finding per report, one anomaly per distinct pair of lines, whichever access came first. Every report
 * gives a finding, also a damaged one: the race is real even where the report does not say all about it.
 */
public final class RaceJudge {
    private static final Kind KIND = Kind.DATA_RACE;
    private static final int ACCESSES = 2;
    private static final int MAX_STACK_LINES = 32;
    private static final int MAX_LINE_CHARS = 512;

    private RaceJudge() {}

    /** The finding of one report; its subject is the report, so that a report sent twice counts once. */
    public static Finding judge(RaceReport report, UserCode userCode, String configHash) {
        List<RaceSide> sides = report.accesses().stream()
                .limit(ACCESSES)
                .map(access -> RaceSide.of(access, report.origins(), userCode))
                .sorted(RaceSide.ORDER)
                .toList();
        boolean complete =
                report.accesses().size() == ACCESSES && sides.stream().allMatch(RaceSide::isKnown);
        RaceObject object = RaceObject.of(sides);
        String anomalyId = anomalyId(report, sides);
        return new Finding(
                Ids.finding(KIND, report.id(), anomalyId),
                anomalyId,
                KIND,
                report.id(),
                1,
                false,
                report.instance(),
                report.input(),
                place(sides, userCode),
                complete ? Severity.CRITICAL : Severity.WARNING,
                complete ? Confidence.CERTAIN : Confidence.LIKELY,
                1,
                report.timeNs(),
                report.timeNs(),
                0,
                summary(object, sides, userCode),
                evidence(report, object, sides),
                List.of(),
                RaceAdvice.of(object, sides),
                List.of(),
                configHash);
    }

    private static String anomalyId(RaceReport report, List<RaceSide> sides) {
        List<String> both = sides.stream().map(RaceSide::identity).sorted().toList();
        return Ids.anomaly(
                KIND,
                report.instance(),
                both.isEmpty() ? "" : both.get(0),
                both.size() < ACCESSES ? "" : both.get(1),
                "");
    }

    /**
     * The write is what makes it a race, so its line is the one to look at, if it has a line of the user's; {@code go
     * atomic.AddInt64(…)} has none, and then the other side or whoever started the goroutine says more.
     */
    private static Place place(List<RaceSide> sides, UserCode userCode) {
        List<RaceSide> writesFirst = sides.stream()
                .filter(RaceSide::isKnown)
                .sorted(Comparator.comparing(side -> !side.isWrite()))
                .toList();
        Frame line = writesFirst.stream()
                .flatMap(side -> side.ownLine(userCode).stream())
                .findFirst()
                .or(() -> writesFirst.stream()
                        .flatMap(side -> side.originLine(userCode).stream())
                        .findFirst())
                .or(() -> writesFirst.stream().map(RaceSide::site).findFirst())
                .orElse(new Frame("", "", 0));
        return new Place(line.function(), line.file(), line.line(), "", "");
    }

    private static String summary(RaceObject object, List<RaceSide> sides, UserCode userCode) {
        if (sides.isEmpty()) {
            return "Data race, but the report names no access.";
        }
        String what = object == RaceObject.VARIABLE ? "Data race: " : "Data race on a " + object.text() + ": ";
        return what
                + sides.stream().map(side -> phrase(side, userCode)).collect(Collectors.joining(", and "))
                + (sides.size() == 1 ? "; the report does not name the other access." : ", without synchronisation.");
    }

    private static String phrase(RaceSide side, UserCode userCode) {
        return side.operation()
                + (side.isKnown() ? " in " + side.userLine(userCode).display() : " at an unknown line") + " by "
                + side.goroutine();
    }

    private static Evidence evidence(RaceReport report, RaceObject object, List<RaceSide> sides) {
        Evidence.Builder evidence = Evidence.builder()
                .put("sites", sides.stream().map(RaceSide::place).toList())
                .put(
                        "functions",
                        sides.stream().map(side -> side.site().function()).toList())
                .put("operations", sides.stream().map(RaceSide::operation).toList())
                .put("goroutines", sides.stream().map(RaceSide::goroutine).toList())
                .put("object", object.text())
                .put("report", report.id());
        for (int i = 0; i < sides.size(); i++) {
            putSide(evidence, i + 1, sides.get(i));
        }
        if (report.accesses().size() != ACCESSES) {
            evidence.put("accesses_in_report", report.accesses().size());
        }
        return evidence.build();
    }

    private static void putSide(Evidence.Builder evidence, int number, RaceSide side) {
        if (side.isKnown()) {
            evidence.put("stack_" + number, display(side.access().stack().display()));
        } else {
            evidence.put("stack_" + number + "_missing", "failed to restore the stack");
        }
        if (!side.access().address().isEmpty()) {
            evidence.put("address_" + number, side.access().address());
        }
        Origin origin = side.origin();
        if (origin != null && origin.stack().isEmpty()) {
            evidence.put("created_" + number + "_missing", "failed to restore the stack");
        } else if (origin != null) {
            evidence.put("created_" + number, display(origin.stack().display()));
        }
    }

    /** Bounded, so that no report makes a finding that its topic refuses. */
    private static List<String> display(List<String> stack) {
        return stack.stream()
                .limit(MAX_STACK_LINES)
                .map(line -> line.length() <= MAX_LINE_CHARS ? line : line.substring(0, MAX_LINE_CHARS))
                .toList();
    }
}
