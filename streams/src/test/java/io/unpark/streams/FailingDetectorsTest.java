package io.unpark.streams;

import static io.unpark.streams.Records.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.detect.DetectorSet;
import io.unpark.analysis.detect.ProcessDetector;
import io.unpark.analysis.detect.ProcessView;
import io.unpark.analysis.fault.DetectorFault;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.race.RaceJudge;
import io.unpark.analysis.request.JoinDetector;
import io.unpark.schemas.InstanceKey;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.testkit.Corpus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Detectors with a bug, in the pipeline. */
class FailingDetectorsTest {
    private static final int RECORDINGS = 6;
    private static final long MAX_RECORDING_BYTES = 400_000;

    @TempDir
    Path first;

    @TempDir
    Path second;

    @Test
    void whoFailsIsCountedAndTheOtherDetectorsGoOn() throws IOException {
        List<TraceChunk> chunks = chunks();
        Map<String, Anomaly> sound = anomalies(first, AnalysisSettings.of(AnalysisConfig.DEFAULTS), chunks);
        sound.values().removeIf(anomaly -> anomaly.getKind().equals(Kind.GOROUTINE_LEAK.id()));
        List<ProcessDetector> process = new ArrayList<>(DetectorSet.STANDARD.process());
        process.replaceAll(it -> it.kind() == Kind.GOROUTINE_LEAK ? new Broken() : it);

        AnalysisSettings broken =
                AnalysisSettings.of(AnalysisConfig.DEFAULTS, new DetectorSet(process, DetectorSet.STANDARD.request()));
        Map<String, Anomaly> found = anomalies(second, broken, chunks);

        assertThat(found).isNotEmpty().isEqualTo(sound);
        assertThat(broken.faults().list()).singleElement().satisfies(fault -> {
            assertThat(fault.detector()).isEqualTo("goroutine_leak");
            assertThat(fault.count()).isPositive();
            assertThat(fault.skipped())
                    .as("left out after it failed twice in a row")
                    .isPositive();
        });
    }

    private static final class Broken implements ProcessDetector {
        @Override
        public Kind kind() {
            return Kind.GOROUTINE_LEAK;
        }

        @Override
        public List<io.unpark.analysis.detect.Judgement> judge(ProcessView view) {
            throw new ArithmeticException("by design");
        }
    }

    private static List<TraceChunk> chunks() throws IOException {
        List<TraceChunk> chunks = new ArrayList<>();
        List<Path> traces = Corpus.traces().stream()
                .filter(trace -> trace.toFile().length() < MAX_RECORDING_BYTES)
                .limit(RECORDINGS)
                .toList();
        assumeTrue(!traces.isEmpty(), "no recorded corpus here (UNPARK_SHARED)");
        for (Path trace : traces) {
            chunks.addAll(Recordings.chunks(trace));
        }
        return chunks;
    }

    private static Map<String, Anomaly> anomalies(Path folder, AnalysisSettings analysis, List<TraceChunk> chunks) {
        Map<String, Anomaly> anomalies = new TreeMap<>();
        try (Pipeline pipeline = new Pipeline(folder, Pipeline.LIMITS, analysis)) {
            for (TraceChunk chunk : chunks) {
                pipeline.send(
                        Topics.TRACE_CHUNKS, InstanceKey.of(chunk.getInstance()).encode(), chunk);
            }
            pipeline.readRecords(Topics.ANOMALIES).forEach(record -> {
                if (record.value() == null) {
                    anomalies.remove(record.key());
                } else {
                    anomalies.put(record.key(), InProcess.comparable(record.value()));
                }
            });
            assertThat(pipeline.counters.deadLetters.sum()).isZero();
        }
        return anomalies;
    }

    private static AnalysisSettings with(JoinDetector joiner) {
        return ScriptedJudge.settings(joiner, (report, userCode, hash) -> {
            if (report.id().equals("odd")) {
                throw new NullPointerException("by design");
            }
            return RaceJudge.judge(report, userCode, hash);
        });
    }

    @Test
    void aReportOnWhichTheDetectorFailsIsKeptForTheDayWhenItDoesNot() {
        AnalysisSettings analysis = with(JoinDetector.STANDARD);
        try (Pipeline pipeline = new Pipeline(first, Pipeline.LIMITS, analysis)) {
            pipeline.send(Topics.RACE_REPORTS, key("a"), Records.race("a", "odd"));
            pipeline.send(Topics.RACE_REPORTS, key("a"), Records.race("a", "r1"));

            assertThat(pipeline.read(Topics.ANOMALIES)).hasSize(1);
            assertThat(pipeline.letters(Topics.RACE_REPORTS_DLQ))
                    .singleElement()
                    .satisfies(letter -> assertThat(Pipeline.header(letter, DeadLetters.REASON))
                            .isEqualTo("DETECTOR"));
            assertThat(analysis.faults().list())
                    .extracting(DetectorFault::count)
                    .containsExactly(1L);
            assertThat(pipeline.counters.refused()).containsExactly(Map.entry("test-go-race-reports: DETECTOR", 1L));
        }
    }

    @Test
    void aJoinerThatFailsCostsItsRequest() {
        AnalysisSettings analysis = with((segments, rules, revision) -> {
            if (segments.stream().anyMatch(it -> it.requestId().equals("odd"))) {
                throw new NullPointerException("by design");
            }
            return JoinDetector.STANDARD.judge(segments, rules, revision);
        });
        try (Pipeline pipeline = new Pipeline(first, Pipeline.LIMITS, analysis)) {
            for (String request : List.of("odd", "even")) {
                pipeline.send(Topics.REQUEST_SEGMENTS, request, SegmentMapper.toAvro(Records.callee(request)));
                pipeline.send(Topics.REQUEST_SEGMENTS, request, SegmentMapper.toAvro(Records.caller(request)));
            }

            assertThat(pipeline.read(Topics.FINDINGS)).hasSize(1);
            assertThat(analysis.faults().list())
                    .extracting(DetectorFault::detector)
                    .containsExactly(JoinDetector.NAME);
            assertThat(pipeline.counters.deadLetters.sum()).isZero();
        }
    }
}
