package io.unpark.streams;

import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.RouteWindow;
import io.unpark.analysis.model.StackProfile;
import io.unpark.schemas.Topics;

/** What one generation gave, on its way to the topics. */
final class GenerationOutput {
    private GenerationOutput() {}

    static void addTo(Outbox outbox, String instanceKey, InstanceOutput output) {
        for (Finding finding : output.findings()) {
            outbox.add(Topics.FINDINGS, finding.anomalyId(), FindingMapper.toAvro(finding));
        }
        for (RequestSegment segment : output.segments()) {
            outbox.add(Topics.REQUEST_SEGMENTS, segment.requestId(), SegmentMapper.toAvro(segment));
        }
        outbox.add(Topics.RUNTIME_WINDOWS, instanceKey, WindowMapper.toAvro(output.window()));
        for (RouteWindow route : output.routes()) {
            outbox.add(Topics.ROUTE_WINDOWS, instanceKey, WindowMapper.toAvro(route));
        }
        StackProfile profile = output.profile();
        while (!outbox.addIfFits(Topics.PROFILES, instanceKey, ProfileMapper.toAvro(profile))) {
            profile = largerHalf(profile);
        }
    }

    /** Deep stacks of long names can outgrow the topic: half as many entries, the rest summed as beyond the usual limit. */
    private static StackProfile largerHalf(StackProfile it) {
        int kept = it.entries().size() / 2;
        long otherNs = it.otherNs();
        long otherSamples = it.otherSamples();
        for (StackProfile.Entry entry : it.entries().subList(kept, it.entries().size())) {
            otherNs += entry.blockedNs();
            otherSamples += entry.reason().equals("cpu") ? entry.count() : 0;
        }
        return new StackProfile(
                it.instance(),
                it.capture(),
                it.generation(),
                it.startNs(),
                it.endNs(),
                it.entries().subList(0, kept),
                otherNs,
                otherSamples);
    }
}
