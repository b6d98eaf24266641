package io.unpark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.schemas.record.Finding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TopicsTest {
    @Test
    void theTableIsDesignsOne() {
        assertThat(Topics.all())
                .extracting(Topic::name)
                .containsExactly(
                        "go-trace-chunks",
                        "go-race-reports",
                        "go-profile-snapshots",
                        "go-request-segments",
                        "go-runtime-windows",
                        "go-route-windows",
                        "go-profiles",
                        "go-requests",
                        "go-findings",
                        "go-anomalies",
                        "go-trace-chunks-dlq",
                        "go-race-reports-dlq",
                        "go-profile-snapshots-dlq",
                        "go-request-segments-dlq",
                        "go-findings-dlq");
        assertThat(Topics.all())
                .filteredOn(topic -> topic.cleanup() == CleanupPolicy.COMPACT)
                .isEqualTo(List.of(Topics.ANOMALIES));
    }

    @Test
    void everyTopicFitsTheProducersLimitAndAChunkFitsItsTopic() {
        assertThat(Topics.all())
                .allSatisfy(
                        topic -> assertThat(topic.maxMessageBytes()).isBetween(512 * 1024, Topics.MAX_REQUEST_BYTES));
        assertThat(Topics.TRACE_CHUNKS.maxMessageBytes()).isGreaterThan(Topics.MAX_CHUNK_PAYLOAD_BYTES);
        assertThat(Topics.PROFILE_SNAPSHOTS.maxMessageBytes()).isGreaterThan(Topics.MAX_PROFILE_BYTES);
    }

    @Test
    void deadLettersHaveRoomForTheirSourceAndTheErrorsHeaders() {
        for (Topic<?, ?> input : List.of(
                Topics.TRACE_CHUNKS,
                Topics.RACE_REPORTS,
                Topics.PROFILE_SNAPSHOTS,
                Topics.REQUEST_SEGMENTS,
                Topics.FINDINGS)) {
            Topic<?, ?> deadLetters = Topics.deadLettersOf(input).orElseThrow();

            assertThat(deadLetters.name()).isEqualTo(input.name() + "-dlq");
            assertThat(deadLetters.maxMessageBytes()).isGreaterThan(input.maxMessageBytes());
            assertThat(Topics.deadLetters())
                    .contains(Topics.deadLettersOf(input).orElseThrow());
            assertThat(Topics.originOf(deadLetters)).isEqualTo(Optional.of(input));
        }
        assertThat(Topics.deadLettersOf(Topics.ANOMALIES)).isEmpty();
        assertThat(Topics.originOf(Topics.FINDINGS)).isEmpty();
    }

    @Test
    void settingsAreKafkas() {
        assertThat(Topics.FINDINGS.config())
                .containsOnly(
                        Map.entry("cleanup.policy", "delete"),
                        Map.entry("retention.ms", "2592000000"),
                        Map.entry("max.message.bytes", "524288"),
                        Map.entry("compression.type", "zstd"));
        assertThat(Topics.ANOMALIES.config()).containsEntry("delete.retention.ms", "604800000");
        assertThat(Topics.FINDINGS.valueSchema()).contains(Finding.getClassSchema());
        assertThat(Topics.TRACE_CHUNKS_DLQ.valueSchema()).isEmpty();
    }

    @Test
    void aLayoutNamesTopicsBothWays() {
        TopicLayout layout = TopicLayout.DEFAULT.withPrefix("staging.");

        assertThat(layout.name(Topics.FINDINGS)).isEqualTo("staging.go-findings");
        assertThat(layout.topicOf("staging.go-findings")).contains(Topics.FINDINGS);
        assertThat(layout.topicOf("go-findings")).isEmpty();
        assertThat(layout.topicOf("staging.other")).isEmpty();
        assertThatThrownBy(() -> layout.withPrefix("a/b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theInputsAlwaysHaveTheSamePartitions() {
        TopicLayout layout = TopicLayout.DEFAULT.withPartitions(3).withPartitions(Topics.RACE_REPORTS, 12);

        assertThat(layout.partitions(Topics.TRACE_CHUNKS)).isEqualTo(12);
        assertThat(layout.partitions(Topics.RACE_REPORTS)).isEqualTo(12);
        assertThat(layout.partitions(Topics.PROFILE_SNAPSHOTS)).isEqualTo(12);
        assertThat(layout.partitions(Topics.FINDINGS)).isEqualTo(3);
        assertThat(layout.partitions(Topics.TRACE_CHUNKS_DLQ)).isEqualTo(1);
        assertThatThrownBy(() -> layout.withPartitions(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
