package io.unpark.analysis.race;

import io.unpark.analysis.model.Advice;
import java.util.List;

/** What to do about a race, from the operations and the object that the report shows. */
final class RaceAdvice {
    private static final String NEXT_TOOL =
            "Build with -race and run the tests of both lines until the report is gone; the report's text is the evidence";
    private static final String DOC = "detectors/data_race.md";

    private RaceAdvice() {}

    static Advice of(RaceObject object, List<RaceSide> sides) {
        return new Advice(fix(object, sides), NEXT_TOOL, DOC);
    }

    private static String fix(RaceObject object, List<RaceSide> sides) {
        if (object == RaceObject.MAP) {
            return "The map is used by several goroutines: guard every use of it with one mutex, or use sync.Map. A race on a"
                    + " map can also end the process (\"concurrent map writes\").";
        }
        if (object == RaceObject.CHANNEL) {
            return "The channel is closed, sent to or measured by goroutines that do not wait for each other: let only the"
                    + " sender close it, after its last send.";
        }
        long atomics = sides.stream().filter(side -> side.access().atomic()).count();
        if (atomics > 0 && atomics < sides.size()) {
            return "One access is atomic and the other is not: use sync/atomic for both, best with a type such as"
                    + " atomic.Int64.";
        }
        boolean reads =
                sides.stream().anyMatch(side -> side.access().operation().equals("read"));
        if (reads) {
            return "One goroutine reads what another writes: guard both with a sync.RWMutex, or publish a new value through an"
                    + " atomic.Pointer when it is mostly read; else hand the data over by a channel.";
        }
        return "Both goroutines write: guard both with one mutex, or let one goroutine own the data and hand values over by a"
                + " channel.";
    }
}
