package io.unpark.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.detect.DetectorSet;
import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.schemas.record.TraceChunk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandardJudgesTest {
    private static final int LARGE_BYTES = 128 << 10;

    @Test
    void decodedAheadAndByOneDecoderForAllInstancesTheSameIsSaid() throws Exception {
        // Given two instances whose generations are large enough to be decoded on a thread of their own
        List<List<TraceChunk>> recordings = List.of(chunks("faulty/gateway"), chunks("alloc/gateway"));
        assertThat(recordings)
                .allSatisfy(chunks ->
                        assertThat(chunks).anyMatch(chunk -> chunk.getBytes().remaining() > LARGE_BYTES));

        // When one task judges both by turns, and each has a task of its own
        List<InstanceOutput> shared = judged(recordings, true, true);
        List<InstanceOutput> apart = judged(recordings, false, false);

        // Then nothing differs
        assertThat(shared).isNotEmpty().isEqualTo(apart);
    }

    private static List<InstanceOutput> judged(List<List<TraceChunk>> recordings, boolean ahead, boolean oneTask)
            throws Exception {
        StandardJudges all =
                new StandardJudges(AnalysisConfig.DEFAULTS, DetectorSet.STANDARD, new DetectorFaults(), ahead);
        StandardJudges task = all.forTask();
        List<GenerationJudge> judges = new ArrayList<>();
        for (List<TraceChunk> recording : recordings) {
            judges.add((oneTask ? task : all.forTask())
                    .restore(PartMapper.toDomain(recording.get(0).getInstance()), List.of()));
        }
        List<InstanceOutput> outputs = new ArrayList<>();
        int longest = recordings.stream().mapToInt(List::size).max().orElseThrow();
        for (int i = 0; i < longest; i++) {
            for (int j = 0; j < judges.size(); j++) {
                if (i < recordings.get(j).size()) {
                    judges.get(j).process(input(recordings.get(j).get(i))).ifPresent(outputs::add);
                }
            }
        }
        return outputs;
    }

    private static GenerationInput input(TraceChunk chunk) {
        return new GenerationInput(
                chunk.getGoMinor(),
                chunk.getCapture(),
                chunk.getSequence(),
                chunk.getGeneration(),
                chunk.getCapturedUnixNs(),
                chunk.getClockErrorNs(),
                chunk.getBytes().duplicate(),
                new ChunkRef("", -1, -1, chunk.getCapture(), chunk.getGeneration()),
                "");
    }

    private static List<TraceChunk> chunks(String name) throws Exception {
        Path folder = Path.of("infra", "demo", "recordings");
        Path root = Files.isDirectory(folder) ? folder : Path.of("..").resolve(folder);
        return Recordings.chunks(
                root.resolve(name + ".trace.xz"), name.replace('/', '-'), name.replace('/', '-'), Records.T0);
    }
}
