package io.unpark.analysis.detect;

import java.util.List;

/** The detectors that a correlator asks, in this order. */
public record DetectorSet(List<ProcessDetector> process, List<RequestDetector> request) {
    /** Those of this version. */
    public static final DetectorSet STANDARD = new DetectorSet(Detectors.PROCESS, Detectors.REQUEST);

    public DetectorSet {
        process = List.copyOf(process);
        request = List.copyOf(request);
    }
}
