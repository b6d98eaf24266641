package io.unpark.sink.consume;

import java.time.Clock;
import java.util.List;
import java.util.Map;

/** A consumer's status for tests that have no consumer. */
public final class TestStatus {
    private TestStatus() {}

    /** As of a consumer that has read two records and skipped one of them. */
    public static ConsumerStatus afterTwoRecords(Clock clock) {
        ConsumerStatus status = new ConsumerStatus(new RateMeter(clock));
        status.assigned();
        status.observed(
                List.of(new PartitionStatus("go-anomalies", 0, 2, 5), new PartitionStatus("go-anomalies", 1, 0, -1)));
        status.committed(
                Map.of("go-anomalies", 2L), List.of(new BadRecord("go-anomalies", 0, 1, "not Avro", clock.millis())));
        return status;
    }
}
