package io.unpark.analysis.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.incident.IncidentFold;
import io.unpark.analysis.incident.MemoryStore;
import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AnomalyJsonTest {
    @Test
    void writesTheKeysInTheContractsOrder() {
        Finding leak = Samples.leak("shop/orders/orders-1", 7, "orders-1", Severity.CRITICAL, 17);
        Anomaly anomaly =
                IncidentFold.apply(null, leak, new MemoryStore()).anomaly().orElseThrow();

        String line = AnomalyJson.line(anomaly);

        assertThat(line)
                .isEqualTo(
                        "{\"id\": \"" + leak.anomalyId() + "\", \"kind\": \"goroutine_leak\", \"service\": \"orders\","
                                + " \"instance\": \"orders-1\", \"input\": \"orders.trace\", \"site\": \"main.handler.func1\","
                                + " \"file\": \"/src/main.go\", \"line\": 42, \"creation_site\": \"main.handler\","
                                + " \"severity\": \"critical\", \"confidence\": \"certain\", \"count\": 17,"
                                + " \"first_seen\": \"1970-01-01T00:00:00.000000983Z\","
                                + " \"last_seen\": \"1970-01-01T00:00:00.000002017Z\","
                                + " \"summary\": \"17 goroutines stand stuck\","
                                + " \"evidence\": {\"alive\": 17, \"instance_names\": [\"orders-1\"], \"instances\": 1,"
                                + " \"stack\": [\"main.handler.func1 /src/main.go:42\"]},"
                                + " \"cause\": [{\"service\": \"orders\", \"route\": \"GET /a\", \"what\": \"waits\","
                                + " \"reason\": \"chan send\", \"function\": \"main.f\", \"file\": \"/src/main.go\", \"line\": 42,"
                                + " \"duration_ns\": 17}],"
                                + " \"advice\": {\"fix\": \"buffer of one\", \"next_tool\": \"goroutine profile\","
                                + " \"doc\": \"detectors/goroutine_leak.md\"}}");
    }

    @Test
    void leavesOutWhatDoesNotApplyAndAddsTheExtraFieldsLast() throws IOException {
        Map<String, String> extra = new LinkedHashMap<>();
        extra.put("namespace", "shop");
        extra.put("state", "open");
        StringBuilder out = new StringBuilder();

        AnomalyJson.write(out, bare("nothing", Evidence.NONE), extra);

        assertThat(out)
                .hasToString(
                        "{\"id\": \"i\", \"kind\": \"gc_pressure\", \"service\": \"s\", \"instance\": \"n\", \"site\": \"\","
                                + " \"file\": \"\", \"line\": 0, \"severity\": \"info\", \"confidence\": \"possible\", \"count\": 1,"
                                + " \"summary\": \"nothing\", \"evidence\": {}, \"cause\": [],"
                                + " \"advice\": {\"fix\": \"f\", \"next_tool\": \"t\", \"doc\": \"d\"},"
                                + " \"namespace\": \"shop\", \"state\": \"open\"}");
    }

    @Test
    void escapesWhatWouldBreakALineOrItsEncoding() {
        String text =
                "q\" b\\ n\n r\r t\t nul\u0000 del\u007f nel\u0085 ls\u2028 ok\u00e9 pair\ud83d\ude00 high\ud83d low\ude00";

        String line = AnomalyJson.line(bare(text, Evidence.NONE));

        assertThat(line)
                .contains(
                        "\"summary\": \"q\\\" b\\\\ n\\n r\\r t\\t nul\\u0000 del\\u007f nel\\u0085 ls\\u2028 ok\u00e9"
                                + " pair\ud83d\ude00 high\\ud83d low\\ude00\"");
        assertThat(line.lines()).hasSize(1);
    }

    @Test
    void writesEveryTypeOfEvidence() {
        Evidence evidence = Evidence.builder()
                .put("long", Long.MIN_VALUE)
                .put("flag", true)
                .put("text", "a")
                .put("texts", List.of("b", "c"))
                .put("none", List.of())
                .build();

        assertThat(AnomalyJson.line(bare("s", evidence)))
                .contains(
                        "\"evidence\": {\"flag\": true, \"long\": -9223372036854775808, \"none\": [], \"text\": \"a\","
                                + " \"texts\": [\"b\", \"c\"]}");
    }

    @Test
    void writesTimesOfAnyLong() {
        assertThat(UtcTime.text(1_763_856_000_150_000_001L)).isEqualTo("2025-11-23T00:00:00.150000001Z");
        assertThat(UtcTime.text(1_763_856_000_000_000_000L)).isEqualTo("2025-11-23T00:00:00.000000000Z");
        assertThat(UtcTime.text(Long.MIN_VALUE)).startsWith("1677-");
        assertThat(UtcTime.text(Long.MAX_VALUE)).startsWith("2262-");
    }

    private static Anomaly bare(String summary, Evidence evidence) {
        return new Anomaly(
                "i",
                Kind.GC_PRESSURE,
                new Instance("", "s", "n", ""),
                "",
                Place.NONE,
                Severity.INFO,
                Confidence.POSSIBLE,
                1,
                0,
                0,
                summary,
                evidence,
                List.of(),
                new Advice("f", "t", "d"),
                List.of(),
                "w",
                "");
    }
}
