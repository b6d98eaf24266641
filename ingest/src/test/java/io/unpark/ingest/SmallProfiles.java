package io.unpark.ingest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Profiles without samples, in profile.proto. */
final class SmallProfiles {
    private SmallProfiles() {}

    static byte[] heap(long timeNanos) {
        return of("inuse_space", timeNanos);
    }

    static byte[] of(String sampleType, long timeNanos) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        field(out, 1, new byte[] {8, 1});
        for (String text : List.of("", sampleType)) {
            field(out, 6, text.getBytes(StandardCharsets.UTF_8));
        }
        out.write(9 << 3);
        long rest = timeNanos;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return out.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, int number, byte[] content) {
        out.write(number << 3 | 2);
        out.write(content.length);
        out.writeBytes(content);
    }
}
