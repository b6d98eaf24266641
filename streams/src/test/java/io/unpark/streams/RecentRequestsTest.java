package io.unpark.streams;

import static io.unpark.streams.Records.callee;
import static io.unpark.streams.Records.caller;
import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.request.RequestRules;
import io.unpark.analysis.request.RequestSet;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Finding;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecentRequestsTest {
    private static final int SEGMENT_BYTES = 1_000;

    @TempDir
    Path stateDir;

    private static RequestSet set() {
        return new RequestSet(RequestRules.of(AnalysisConfig.DEFAULTS));
    }

    @Test
    void theLeastUsedGoesWhenThereIsNoRoom() {
        RecentRequests recent = new RecentRequests(2 * SEGMENT_BYTES + 1_500);
        RequestSet a = set();
        recent.keep("a", a, SEGMENT_BYTES);
        recent.keep("b", set(), SEGMENT_BYTES);
        assertThat(recent.find("a")).containsSame(a);

        recent.keep("c", set(), SEGMENT_BYTES);

        assertThat(recent.find("b")).isEmpty();
        assertThat(recent.find("a")).containsSame(a);
        recent.keep("a", a, SEGMENT_BYTES);
        assertThat(recent.find("c")).as("a has grown").isEmpty();
    }

    @Test
    void whatIsDroppedLeavesItsRoom() {
        RecentRequests recent = new RecentRequests(2 * SEGMENT_BYTES + 1_500);
        for (int i = 0; i < 100; i++) {
            recent.keep("a" + i, set(), SEGMENT_BYTES);
            recent.drop("a" + i);
        }
        recent.keep("b", set(), SEGMENT_BYTES);
        recent.keep("c", set(), SEGMENT_BYTES);

        assertThat(recent.find("b")).isPresent();
        assertThat(recent.find("c")).isPresent();
    }

    @Test
    void oneThatIsLargerThanTheRoomIsNotKept() {
        RecentRequests recent = new RecentRequests(SEGMENT_BYTES);

        recent.keep("a", set(), 2 * SEGMENT_BYTES);

        assertThat(recent.find("a")).isEmpty();
    }

    @Test
    void aRestartBetweenTheSegmentsChangesNothing() {
        // Given a request whose parts come to one process
        List<RequestSegment> parts = List.of(callee("t1"), caller("t1"));
        List<Finding> undisturbed;
        try (Pipeline pipeline = new Pipeline(stateDir.resolve("one"))) {
            parts.forEach(part -> send(pipeline, part));
            undisturbed = pipeline.read(Topics.FINDINGS);
        }

        // When another process has the state and not the heap of the one that got the first part
        try (Pipeline first = new Pipeline(stateDir.resolve("two"))) {
            send(first, parts.get(0));
            assertThat(first.read(Topics.FINDINGS)).isEmpty();
        }
        try (Pipeline second = new Pipeline(stateDir.resolve("two"))) {
            send(second, parts.get(1));

            // Then it says the same
            assertThat(undisturbed).isNotEmpty();
            assertThat(second.read(Topics.FINDINGS)).isEqualTo(undisturbed);
        }
    }

    private static void send(Pipeline pipeline, RequestSegment segment) {
        pipeline.send(Topics.REQUEST_SEGMENTS, segment.requestId(), SegmentMapper.toAvro(segment));
    }
}
