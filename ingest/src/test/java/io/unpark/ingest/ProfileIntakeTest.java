package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.trace.pprof.GoProfile;
import io.unpark.trace.pprof.PprofFormatException;
import io.unpark.trace.pprof.PprofLimits;
import io.unpark.trace.pprof.PprofReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProfileIntakeTest {
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final Instance ONE = new Instance("shop", "orders", "o1", "v1");

    @Test
    void aRecordHasTheProfilesTimeAndItsBytes() throws IOException {
        ProfileSnapshot record = read(ONE, SmallProfiles.heap(5 * HOUR_NS), 6 * HOUR_NS);

        assertThat(record.getKind()).isEqualTo("heap");
        assertThat(record.getTakenUnixNs()).isEqualTo(5 * HOUR_NS);
        assertThat(record.getCapturedUnixNs()).isEqualTo(6 * HOUR_NS);
        assertThat(record.getInstance()).isEqualTo(ONE);
        assertThat(PprofReader.read(record.getBytes().array(), PprofLimits.DEFAULT)
                        .timeNanos())
                .isEqualTo(5 * HOUR_NS);
    }

    @Test
    void theSameProfileOfTheSameProcessHasTheSameId() throws IOException {
        byte[] profile = SmallProfiles.heap(HOUR_NS);

        String id = read(ONE, profile, HOUR_NS).getId();

        assertThat(read(ONE, profile, 2 * HOUR_NS).getId()).isEqualTo(id);
        assertThat(read(new Instance("shop", "orders", "o2", "v1"), profile, HOUR_NS)
                        .getId())
                .isNotEqualTo(id);
        assertThat(read(ONE, SmallProfiles.heap(HOUR_NS + 1), HOUR_NS).getId()).isNotEqualTo(id);
    }

    @Test
    void aClockThatIsFarAheadIsNotBelievedButAFilesIs() throws IOException {
        byte[] ahead = SmallProfiles.heap(9 * HOUR_NS);

        assertThat(read(ONE, ahead, 5 * HOUR_NS).getTakenUnixNs()).isEqualTo(5 * HOUR_NS);
        assertThat(read(ONE, ahead, 8 * HOUR_NS).getTakenUnixNs()).isEqualTo(9 * HOUR_NS);
        assertThat(read(ONE, SmallProfiles.heap(0), 5 * HOUR_NS).getTakenUnixNs())
                .isEqualTo(5 * HOUR_NS);
        assertThat(ProfileIntake.readFile(new ByteArrayInputStream(ahead), ONE, 5 * HOUR_NS)
                        .getTakenUnixNs())
                .isEqualTo(9 * HOUR_NS);
    }

    @Test
    void anotherProfileThanAskedIsRefusedByName() {
        byte[] heap = SmallProfiles.heap(HOUR_NS);
        byte[] cpu = SmallProfiles.of("samples", HOUR_NS);

        assertThatThrownBy(() -> ProfileIntake.read(
                        new ByteArrayInputStream(heap), ONE, Optional.of(GoProfile.GOROUTINE), HOUR_NS))
                .isInstanceOf(PprofFormatException.class)
                .hasMessage("this is a profile of heap, not of goroutine");
        assertThatThrownBy(() -> read(ONE, cpu, HOUR_NS))
                .isInstanceOf(PprofFormatException.class)
                .hasMessage("this is a profile of samples; judged are heap, goroutine and goroutineleak");
    }

    private static ProfileSnapshot read(Instance instance, byte[] plain, long acceptedUnixNs) throws IOException {
        return ProfileIntake.read(new ByteArrayInputStream(plain), instance, Optional.empty(), acceptedUnixNs);
    }
}
