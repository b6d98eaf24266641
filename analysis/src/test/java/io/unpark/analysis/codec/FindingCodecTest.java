package io.unpark.analysis.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.analysis.Samples;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Severity;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FindingCodecTest {
    @Test
    void givesBackWhatWasWritten() {
        Finding finding = finding();

        assertThat(FindingCodec.fromBytes(FindingCodec.toBytes(finding))).isEqualTo(finding);
        Finding withdrawn = finding.withdrawnAt(Long.MAX_VALUE);
        assertThat(FindingCodec.fromBytes(FindingCodec.toBytes(withdrawn))).isEqualTo(withdrawn);
    }

    @Test
    void refusesEveryCutAndEveryByteTooMany() {
        byte[] bytes = FindingCodec.toBytes(finding());

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> FindingCodec.fromBytes(cut)).isInstanceOf(CodecException.class);
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatThrownBy(() -> FindingCodec.fromBytes(longer)).hasMessageContaining("too many");
    }

    @Test
    void aFlippedByteIsReadOrRefusedButNothingElse() {
        byte[] bytes = FindingCodec.toBytes(finding());
        Random random = new Random(1);

        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                assertThat(FindingCodec.fromBytes(damaged)).isNotNull();
            } catch (CodecException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            }
        }
    }

    private static Finding finding() {
        Finding plain = Samples.leak("s\ud83d \u0000 \ud83d\ude00", 7, "orders-1", Severity.CRITICAL, 17);
        Evidence evidence = Evidence.builder()
                .put("long", Long.MIN_VALUE)
                .put("yes", true)
                .put("no", false)
                .put("text", "")
                .put("texts", List.of("a", ""))
                .build();
        return new Finding(
                plain.findingId(),
                plain.anomalyId(),
                plain.kind(),
                plain.subject(),
                plain.revision(),
                false,
                plain.instance(),
                plain.input(),
                plain.place(),
                plain.severity(),
                plain.confidence(),
                plain.count(),
                -1,
                Long.MAX_VALUE,
                plain.durationNs(),
                plain.summary(),
                evidence,
                plain.cause(),
                plain.advice(),
                plain.chunks(),
                plain.configHash());
    }
}
