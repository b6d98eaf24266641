package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.unpark.trace.TraceFormatException.Reason;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no trace, or none that is understood, is refused by name; {@code ~} stands for a zero byte. */
class HeaderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                              | EMPTY           | the input is empty",
                "go 1.2                          | TRUNCATED       | inside its header, after 6 bytes",
                "go 1.11 trace~~~                | OLD_FORMAT      | format of Go 1.11;.*go tool trace",
                "go 1.21 trace~~~                | OLD_FORMAT      | build the service with Go 1.22 or newer",
                "go 1.5 trace~~~~                | OLD_FORMAT      | format of Go 1.5;",
                "go 1.24 trace~~~                | UNKNOWN_VERSION | Go 1.24, which this version does not know",
                "go 1.99 trace~~~                | UNKNOWN_VERSION | Go 1.99, which this version does not know",
                "<!DOCTYPE html><html>           | NOT_A_TRACE     | HTML or XML",
                "{\"error\": \"not found\"}      | NOT_A_TRACE     | JSON",
                "404 page not found              | NOT_A_TRACE     | text: .404 page not fou",
                "go 1.26 race~~~~                | NOT_A_TRACE     | binary data",
                "PK and a zip's bytes            | NOT_A_TRACE     | a zip archive",
            })
    void isRefused(String text, Reason reason, String message) {
        // Given
        byte[] input = text.replace('~', '\0').getBytes(StandardCharsets.US_ASCII);

        // When
        TraceFormatException e = open(input);

        // Then
        assertThat(e.reason()).isEqualTo(reason);
        assertThat(e.getMessage()).containsPattern(message);
    }

    @ParameterizedTest
    @CsvSource({"1f8b0800, gzip", "28b52ffd, zstd", "fd377a585a00, xz", "7f454c46, ELF"})
    void namesCompressedAndBinaryData(String hex, String name) {
        // When
        TraceFormatException e = open(HexFormat.of().parseHex(hex));

        // Then
        assertThat(e.reason()).isEqualTo(Reason.NOT_A_TRACE);
        assertThat(e.getMessage()).contains(name);
    }

    @ParameterizedTest
    @ValueSource(ints = {22, 23, 25, 26})
    void knowsItsVersionsAndRefusesATraceWithoutAGeneration(int goMinor) throws Exception {
        // Given
        TraceHeader header = new TraceHeader(goMinor);

        // When
        try (var splitter = GenerationSplitter.open(new ByteArrayInputStream(header.bytes()))) {
            var e = catchThrowableOfType(TraceFormatException.class, splitter::next);

            // Then
            assertThat(splitter.header()).isEqualTo(header);
            assertThat(e.reason()).isEqualTo(Reason.TRUNCATED);
        }
    }

    private static TraceFormatException open(byte[] input) {
        return catchThrowableOfType(
                TraceFormatException.class, () -> GenerationSplitter.open(new ByteArrayInputStream(input)));
    }
}
