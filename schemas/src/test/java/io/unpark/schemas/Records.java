package io.unpark.schemas;

import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceAccess;
import io.unpark.schemas.record.RaceReport;
import io.unpark.schemas.record.TraceChunk;
import java.nio.ByteBuffer;
import java.util.List;

/** Records to write and read in tests. */
public final class Records {
    private Records() {}

    public static Instance instance() {
        return new Instance("shop", "orders", "orders-1", "v1.4.0");
    }

    public static TraceChunk chunk(byte[] bytes) {
        return TraceChunk.newBuilder()
                .setInstance(instance())
                .setGoMinor(26)
                .setCapture("c1")
                .setGeneration(7)
                .setPart(0)
                .setParts(1)
                .setCrc32c(-5)
                .setCapturedUnixNs(1_700_000_000_000_000_000L)
                .setBytes(ByteBuffer.wrap(bytes))
                .build();
    }

    public static RaceReport race(String text) {
        return RaceReport.newBuilder()
                .setId("r1")
                .setInstance(instance())
                .setReportedUnixNs(1_700_000_000_000_000_000L)
                .setAccesses(List.of(RaceAccess.newBuilder()
                        .setOperation("write")
                        .setGoroutine(7)
                        .setStack(List.of())
                        .build()))
                .setText(text)
                .build();
    }
}
