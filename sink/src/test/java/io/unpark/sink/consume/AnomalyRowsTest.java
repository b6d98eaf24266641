package io.unpark.sink.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.analysis.json.AnomalyJson;
import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import io.unpark.sink.Samples;
import io.unpark.sink.store.AnomalyRow;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnomalyRowsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(longs = {0, Samples.START_NS})
    void theDocumentIsTheObjectThatAnalyzePrints(long seenNs) throws Exception {
        var record = Samples.anomaly("a1", "orders", "goroutine_leak")
                .setFirstSeenNs(seenNs)
                .setLastSeenNs(seenNs)
                .build();

        JsonNode document = JSON.readTree(AnomalyRows.of(record, 1).document());

        String printed = AnomalyJson.line(domain(record));
        ObjectNode expected = (ObjectNode) JSON.readTree(printed);
        assertThat(document).isEqualTo(expected.put("namespace", "shop"));
        assertThat(document.fieldNames()).toIterable().containsExactlyElementsOf(expected::fieldNames);
    }

    @Test
    void aKindThatOnlyALaterVersionKnowsIsKept() throws Exception {
        AnomalyRow row = AnomalyRows.of(
                Samples.anomaly("a1", "orders", "quantum_leak")
                        .setSeverity(io.unpark.schemas.record.Severity.UNKNOWN)
                        .build(),
                1);

        assertThat(row.kind()).isEqualTo("quantum_leak");
        assertThat(row.severity()).isEqualTo("info");
    }

    @Test
    void aNameThatNoIndexCanHoldCostsTheRecord() {
        var record =
                Samples.anomaly("a1", "\u4e16".repeat(500), "goroutine_leak").build();

        assertThatThrownBy(() -> AnomalyRows.of(record, 1))
                .isInstanceOf(BadRecordException.class)
                .hasMessage("service has 1500 bytes, at most 1200 are kept");
    }

    private static Anomaly domain(io.unpark.schemas.record.Anomaly it) {
        var place = it.getPlace();
        return new Anomaly(
                it.getId(),
                Kind.of(it.getKind()).orElseThrow(),
                new Instance(
                        "shop", it.getInstance().getService(), it.getInstance().getName(), "v"),
                "",
                new Place(place.getSite(), place.getFile(), place.getLine(), place.getCreationSite(), place.getRoute()),
                Severity.WARNING,
                Confidence.CERTAIN,
                it.getCount(),
                it.getFirstSeenNs(),
                it.getLastSeenNs(),
                it.getSummary(),
                new Evidence(new TreeMap<>(it.getEvidence())),
                it.getCause().stream()
                        .map(s -> new CauseStep(
                                s.getService(),
                                s.getRoute(),
                                s.getWhat(),
                                s.getReason(),
                                s.getFunction(),
                                s.getFile(),
                                s.getLine(),
                                s.getDurationNs(),
                                s.getDepth(),
                                s.getTotalNs(),
                                s.getSharePermille()))
                        .toList(),
                new Advice(
                        it.getAdvice().getFix(),
                        it.getAdvice().getNextTool(),
                        it.getAdvice().getDoc()),
                List.of(),
                it.getWorstFindingId(),
                it.getConfigHash());
    }
}
