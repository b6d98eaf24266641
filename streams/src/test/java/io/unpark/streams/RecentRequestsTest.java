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
import io.unpark.streams.RecentRequests.Held;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecentRequestsTest {
    private static final int SEGMENT_BYTES = 1_000;
    private static final StreamsLimits MANY_REQUESTS = new StreamsLimits(
            64,
            Duration.ofHours(1),
            Duration.ofMinutes(10),
            100_000,
            Duration.ofDays(3),
            Duration.ofSeconds(30),
            1000,
            Duration.ofMinutes(1),
            1 << 20);

    @TempDir
    Path stateDir;

    private static Held held(long bytes) {
        return new Held(new RequestSet(RequestRules.of(AnalysisConfig.DEFAULTS)), bytes);
    }

    @Test
    void theLeastUsedGoesWhenThereIsNoRoom() {
        RecentRequests recent = new RecentRequests(2 * SEGMENT_BYTES + 1_500);
        Held a = held(SEGMENT_BYTES);
        recent.keep("a", a);
        recent.keep("b", held(SEGMENT_BYTES));
        recent.keep("a", recent.take("a").orElseThrow());

        recent.keep("c", held(SEGMENT_BYTES));

        assertThat(recent.take("b")).isEmpty();
        assertThat(recent.take("c")).isPresent();
        assertThat(recent.take("a")).containsSame(a);
        assertThat(recent.take("a")).as("taken").isEmpty();
    }

    @Test
    void whatIsTakenOrReplacedLeavesItsRoom() {
        RecentRequests recent = new RecentRequests(2 * SEGMENT_BYTES + 1_500);
        for (int i = 0; i < 100; i++) {
            recent.keep("a" + i, held(SEGMENT_BYTES));
            recent.take("a" + i);
            recent.keep("b", held(SEGMENT_BYTES));
        }
        recent.keep("c", held(SEGMENT_BYTES));

        assertThat(recent.take("b")).isPresent();
        assertThat(recent.take("c")).isPresent();
    }

    @Test
    void oneThatIsLargerThanTheRoomIsNotKept() {
        RecentRequests recent = new RecentRequests(SEGMENT_BYTES);

        recent.keep("a", held(2 * SEGMENT_BYTES));

        assertThat(recent.take("a")).isEmpty();
    }

    @Test
    void whatLeftTheHeapIsFoundInTheStore() {
        // Given a request both of whose parts come one after the other
        List<Finding> undisturbed;
        try (Pipeline pipeline = new Pipeline(stateDir.resolve("one"), MANY_REQUESTS)) {
            send(pipeline, callee("t1"));
            send(pipeline, caller("t1"));
            undisturbed = pipeline.read(Topics.FINDINGS);
        }

        // When so much comes between them that the first is no longer on the heap
        try (Pipeline pipeline = new Pipeline(stateDir.resolve("two"), MANY_REQUESTS)) {
            send(pipeline, callee("t1"));
            String long4k = "x".repeat(4_000);
            for (int i = 0; i < 1_100; i++) {
                send(pipeline, callee("other" + i + long4k));
            }
            assertThat(pipeline.read(Topics.FINDINGS)).isEmpty();
            send(pipeline, caller("t1"));

            // Then the same is said
            assertThat(undisturbed).isNotEmpty();
            assertThat(pipeline.read(Topics.FINDINGS)).isEqualTo(undisturbed);
        }
    }

    private static void send(Pipeline pipeline, RequestSegment segment) {
        pipeline.send(Topics.REQUEST_SEGMENTS, segment.requestId(), SegmentMapper.toAvro(segment));
    }
}
