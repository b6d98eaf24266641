package io.unpark.analysis.whole;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.Recordings;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.Kind;
import io.unpark.testkit.Corpus;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Captures of one process, 2.5 s each and 3 s apart ({@code benchmarks/leaks/captures.go}): a pool of ten workers, of which one has
 * something to do every 350 ms; clean-ups 7 s after each upload; a goroutine left behind by a request every 1.4 s.
 */
class CapturesTest {
    private static final String LEAK = "main.keepLease";
    private static final String CLEANUP = "main.removeLater";

    private final InstanceFeed feed =
            new InstanceFeed(new Instance("", "three_kinds", "three_kinds-1", ""), AnalysisConfig.DEFAULTS);
    private final Map<String, Finding> standing = new TreeMap<>();

    @Test
    void oneCaptureCannotTellACleanUpFromALeak() throws Exception {
        take("1");

        assertThat(sites()).doesNotContainKey(LEAK).containsEntry(CLEANUP, Confidence.LIKELY);
    }

    @Test
    void aPoolADelayedCleanUpAndASlowLeakAreToldApartOverSeveral() throws Exception {
        for (String capture : new String[] {"1", "2", "3", "4"}) {
            take(capture);
        }

        assertThat(sites()).containsOnlyKeys(LEAK);
    }

    @Test
    void aRestartOfUnparkBetweenThemChangesNothing() throws Exception {
        for (String capture : new String[] {"1", "2", "3"}) {
            take(capture);
            feed.restart();
        }

        assertThat(sites()).containsOnlyKeys(LEAK);
    }

    @Test
    void anotherProcessTakesNothingBack() throws Exception {
        take("1");
        take("other");

        assertThat(sites()).containsKey(CLEANUP);
        assertThat(standing.values()).noneMatch(f -> f.place().site().equals(LEAK));
    }

    private Map<String, Confidence> sites() {
        return standing.values().stream()
                .filter(f -> f.confidence() != Confidence.POSSIBLE)
                .collect(Collectors.toMap(f -> f.place().site(), Finding::confidence, (a, b) -> a, TreeMap::new));
    }

    private void take(String capture) throws IOException, TraceFormatException, URISyntaxException {
        Path file = Path.of(CapturesTest.class
                .getResource("/io/unpark/analysis/captures/three_kinds." + capture + ".trace.xz")
                .toURI());
        try (InputStream in = Corpus.open(file)) {
            Recordings.Generations generations = Recordings.generations(in);
            for (RawGeneration generation : generations.list()) {
                feed.take(capture, generations.goMinor(), generation).ifPresent(this::note);
            }
        }
    }

    private void note(InstanceOutput output) {
        for (Finding finding : output.findings()) {
            if (finding.kind() == Kind.GOROUTINE_LEAK) {
                if (finding.withdrawn()) {
                    standing.remove(finding.findingId());
                } else {
                    standing.put(finding.findingId(), finding);
                }
            }
        }
    }
}
