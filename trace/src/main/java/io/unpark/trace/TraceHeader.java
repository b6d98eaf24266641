package io.unpark.trace;

import java.nio.charset.StandardCharsets;

/**
 * The 16 bytes in front of every trace: {@code "go 1.NN trace\0\0\0"}.
 *
 * @param goMinor the NN
 */
public record TraceHeader(int goMinor) {
    /** Length in bytes. */
    public static final int LENGTH = 16;

    /** The header as it stands in a file. */
    public byte[] bytes() {
        return ("go 1." + goMinor + " trace\0\0\0").getBytes(StandardCharsets.US_ASCII);
    }
}
