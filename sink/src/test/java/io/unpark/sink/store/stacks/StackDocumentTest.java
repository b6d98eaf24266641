package io.unpark.sink.store.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.sink.store.StackTaker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/** What is written is read again, by one reader after the other document. */
class StackDocumentTest {
    private static final String TEXTS = "\"texts\":[\"GET /ü \\\"x\\\"\",\"select\",\"main.f\",\"main.go\"]";

    /** All that was told, one line each. */
    private static final class Told implements StackTaker {
        final List<String> lines = new ArrayList<>();

        @Override
        public void entry(String route, String reason, Stack stack, long count, long blockedNs) {
            lines.add(route + "|" + reason + "|" + stack.display() + "|" + count + "|" + blockedNs);
        }

        @Override
        public void rest(long coveredNs, long otherNs, long otherSamples) {
            lines.add(coveredNs + "|" + otherNs + "|" + otherSamples);
        }
    }

    @Test
    void whatIsWrittenIsRead() {
        // Given: more than is unpacked at once at first
        StackDocument large = new StackDocument();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            large.entry("GET /" + i, "select", stack("main.function" + i), i, Long.MAX_VALUE - i);
            expected.add("GET /" + i + "|select|[main.function" + i + " main.go:7]|" + i + "|" + (Long.MAX_VALUE - i));
        }
        large.rest(5, 6, 7);
        expected.add("5|6|7");
        StackDocument empty = new StackDocument();
        try (StackDocumentReader reader = new StackDocumentReader()) {
            for (int i = 0; i < 2; i++) {
                // When
                Told told = new Told();
                reader.read(large.bytes(), told);
                // Then
                assertThat(told.lines).isEqualTo(expected);
                assertThat(reader.entries(large.bytes())).isEqualTo(1_000);
                // When
                told = new Told();
                reader.read(empty.bytes(), told);
                // Then
                assertThat(told.lines).containsExactly("0|0|0");
                assertThat(reader.entries(empty.bytes())).isZero();
            }
        }
    }

    @Test
    void theOrderOfFieldsAndUnknownOnesDoNotMatter() throws IOException {
        byte[] document = deflated("{\"other_ns\":2,\"entries\":[0,1,0,3,4],\"more\":{\"a\":[1,{}]},\"stacks\":[[0,0]],"
                + "\"frames\":[2,3,7],\"covered_ns\":1," + TEXTS + "}");

        Told told = new Told();
        StackDocument.read(document, told);

        assertThat(told.lines).containsExactly("GET /ü \"x\"|select|[main.f main.go:7, main.f main.go:7]|3|4", "1|2|0");
    }

    @Test
    void whatIsCutOffOrNoDocumentIsAnError() throws IOException {
        StackDocument document = new StackDocument();
        document.entry("GET /", "select", stack("main.f"), 1, 2);
        byte[] whole = document.bytes();
        List<byte[]> broken = List.of(
                new byte[0], new byte[] {1, 2, 3}, Arrays.copyOf(whole, whole.length / 2), deflated("{\"texts\":["));
        for (byte[] bytes : broken) {
            assertThatThrownBy(() -> StackDocument.read(bytes, new Told()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a stored profile cannot be read");
        }
    }

    private static byte[] deflated(String json) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(bytes)) {
            deflated.write(json.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static Stack stack(String function) {
        return new Stack(List.of(new Frame(function, "main.go", 7)));
    }
}
