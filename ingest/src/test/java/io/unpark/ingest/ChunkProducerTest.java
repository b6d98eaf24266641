package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ChunkProducerTest {
    @Test
    void whatMakesItSafeIsNotTheConfigurationsToChange() {
        Map<String, Object> config = ChunkProducer.config(Map.of(
                "acks", "1",
                "enable.idempotence", "false",
                "compression.type", "none",
                "max.request.size", "100",
                "linger.ms", "50"));

        assertThat(config)
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("compression.type", "zstd")
                .containsEntry("max.request.size", 6 << 20)
                .containsEntry("linger.ms", "50");
    }
}
