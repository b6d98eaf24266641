package io.unpark.analysis.race;

import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.RaceReport;
import io.unpark.analysis.place.UserCode;
import java.util.Optional;

/** Judges one report of the race detector; {@link RaceJudge} is the one of this version. */
@FunctionalInterface
public interface RaceDetector {
    Finding judge(RaceReport report, UserCode userCode, String configHash);

    /** Its finding; empty when it threw, which costs this report only: the next has nothing to do with it. */
    default Optional<Finding> guarded(RaceReport report, UserCode userCode, String configHash, DetectorFaults faults) {
        return faults.guard(Kind.DATA_RACE.id(), () -> judge(report, userCode, configHash));
    }
}
