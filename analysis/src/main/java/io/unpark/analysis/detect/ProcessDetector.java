package io.unpark.analysis.detect;

import io.unpark.analysis.model.Kind;
import java.util.List;

/** Judges one instance at the end of a generation. Stateless; may answer with nothing. */
public interface ProcessDetector {
    Kind kind();

    List<Judgement> judge(ProcessView view);
}
