package io.unpark.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Severity;
import io.unpark.schemas.registry.StateSerde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MapperTest {
    @Test
    void aFindingIsTheSameAfterAvro() {
        Finding finding = Records.leak("a", 3, 7);

        var serde = new StateSerde<>(io.unpark.schemas.record.Finding.class);
        byte[] bytes = serde.serializer().serialize("", FindingMapper.toAvro(finding));

        assertThat(FindingMapper.toDomain(serde.deserializer().deserialize("", bytes)))
                .isEqualTo(finding);
    }

    @Test
    void aSegmentIsTheSameAfterAvro() {
        RequestSegment segment = Records.caller("t1");

        var serde = new StateSerde<>(io.unpark.schemas.record.RequestSegment.class);
        byte[] bytes = serde.serializer().serialize("", SegmentMapper.toAvro(segment));

        assertThat(SegmentMapper.toDomain(serde.deserializer().deserialize("", bytes)))
                .isEqualTo(segment);
    }

    @ParameterizedTest
    @EnumSource
    void severitiesAreTheSame(Severity severity) {
        assertThat(PartMapper.toDomain(PartMapper.toAvro(severity))).isEqualTo(severity);
    }

    @ParameterizedTest
    @EnumSource
    void confidencesAreTheSame(Confidence confidence) {
        assertThat(PartMapper.toDomain(PartMapper.toAvro(confidence))).isEqualTo(confidence);
    }
}
