package io.unpark.analysis.instance;

import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.RouteWindow;
import io.unpark.analysis.model.RuntimeWindow;
import io.unpark.analysis.model.StackProfile;
import java.util.List;

/**
 * What one generation of one instance gave.
 *
 * @param findings new, revised and withdrawn judgements; what did not change is not repeated
 * @param segments requests that ended in this generation, and those open for longer than a generation
 */
public record InstanceOutput(
        List<Finding> findings,
        List<RequestSegment> segments,
        RuntimeWindow window,
        List<RouteWindow> routes,
        StackProfile profile) {}
