package io.unpark.analysis.detect;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.place.UserCode;
import java.util.List;

/** Judges one request of one service, when it has ended or at the end of a generation. Stateless. */
public interface RequestDetector {
    Kind kind();

    List<Judgement> judge(RequestSegment segment, AnalysisConfig config, UserCode userCode);
}
