package io.unpark.app.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.app.console.UserError;
import io.unpark.app.replay.Comparison.What;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    private static final String LEAK = """
            {"id": "1", "kind": "goroutine_leak", "service": "orders", "instance": "orders-1", "input": "a.trace",
             "site": "main.f", "file": "main.go", "line": 7, "severity": "warning", "confidence": "certain", "count": 3,
             "first_seen": "2026-11-01T00:00:00Z", "last_seen": "2026-11-01T00:00:09Z", "summary": "It leaks.",
             "evidence": {"rule": "stuck", "goroutines": ["1", "2"]}, "advice": {"fix": "Do not."}}
            """.replace("\n", " ");
    private static final String RACE = """
            {"id": "2", "kind": "data_race", "service": "stock", "severity": "critical", "summary": "A race\\u001b[2J."}
            """.replace("\n", " ");

    @TempDir
    private Path folder;

    private Map<String, AnomalyDocument> read(String... lines) throws IOException {
        Path file = Files.createTempFile(folder, "run", ".jsonl");
        Files.write(file, List.of(lines));
        return AnomalyDocument.readFile(file);
    }

    @Test
    void whatIsDerivedSaidInWordsOrToldOfTheInputIsNoDifference() throws IOException {
        String other = LEAK.replace("It leaks.", "Es leckt.")
                .replace("a.trace", "b.trace")
                .replace("Do not.", "Never.")
                .replace("\"id\"", "\"state\": \"OPEN\", \"namespace\": \"x\", \"id\"");

        Comparison comparison = Comparison.of(read(LEAK), read(other));

        assertThat(comparison.changes()).isEmpty();
        assertThat(comparison.same()).isEqualTo(1);
    }

    @Test
    void eachFieldThatDiffersIsNamed() throws IOException {
        String other = LEAK.replace("\"count\": 3", "\"count\": 4")
                .replace("\"line\": 7", "\"line\": 8")
                .replace("[\"1\", \"2\"]", "[\"1\", \"3\"]")
                .replace("\"rule\": \"stuck\", ", "");

        Comparison comparison = Comparison.of(read(LEAK), read(other));

        assertThat(comparison.changes()).singleElement().satisfies(change -> {
            assertThat(change.what()).isEqualTo(What.CHANGED);
            assertThat(change.fields())
                    .extracting(Comparison.Field::name)
                    .containsExactly("line", "count", "evidence.goroutines", "evidence.rule");
        });
        assertThat(table(comparison))
                .contains("changed", "goroutine_leak", "count: 3 -> 4", "evidence.rule: stuck -> -")
                .endsWith("0 gone, 0 new, 1 changed, 0 the same.\n");
    }

    @Test
    void whatIsOnOneSideOnlyIsGoneOrNew() throws IOException {
        Comparison comparison = Comparison.of(read(LEAK), read("", RACE));

        assertThat(comparison.changes()).extracting(Comparison.Change::what).containsExactly(What.GONE, What.NEW);
        assertThat(table(comparison))
                .contains("It leaks.", "1 gone, 1 new, 0 changed")
                .doesNotContain("\u001b");
    }

    @Test
    void asJsonItHasBothSides() throws IOException {
        Comparison comparison = Comparison.of(read(LEAK, RACE), read(LEAK.replace("warning", "critical")));
        StringWriter out = new StringWriter();

        new ComparisonPrinter(100).jsonLines(comparison, new PrintWriter(out, true));

        List<JsonNode> lines = out.toString().lines().map(ComparisonTest::json).toList();
        assertThat(lines).extracting(it -> it.path("change").asText()).containsExactly("gone", "changed");
        assertThat(lines.get(0).path("id").asText()).isEqualTo("2");
        assertThat(lines.get(0).path("after").isNull()).isTrue();
        assertThat(lines.get(1).path("fields"))
                .singleElement()
                .satisfies(field -> assertThat(field)
                        .hasToString("{\"field\":\"severity\",\"before\":\"warning\",\"after\":\"critical\"}"));
        assertThat(lines.get(1).path("before").path("severity").asText()).isEqualTo("warning");
    }

    @Test
    void aFileOfSomethingElseIsTold() {
        for (String wrong : List.of("no json", "[1]", "{\"id\": 7}", "{\"id\": \"7\"}")) {
            assertThatThrownBy(() -> read(LEAK, wrong))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("line 2");
        }
        assertThatThrownBy(() -> AnomalyDocument.readFile(folder.resolve("absent")))
                .isInstanceOf(UserError.class);
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private static String table(Comparison comparison) {
        StringWriter out = new StringWriter();
        new ComparisonPrinter(100).table(comparison, new PrintWriter(out, true));
        return out.toString();
    }
}
