package io.unpark.analysis.profile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes profiles as Go's runtime writes them, of stacks and counts. */
final class ProfileBytes {
    private final Map<String, Integer> strings = new LinkedHashMap<>(Map.of("", 0));
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int locations;

    /** @param valueTypes such as {@code goroutine} */
    ProfileBytes(String... valueTypes) {
        for (String type : valueTypes) {
            message(1, number(1, string(type)), number(2, string("count")));
        }
    }

    /** @param stack innermost first, each {@code function} */
    ProfileBytes sample(long value, String... stack) {
        List<byte[]> parts = new ArrayList<>();
        for (String function : stack) {
            locations++;
            message(5, number(1, locations), number(2, string(function)), number(4, string("main.go")));
            message(4, number(1, locations), bytes(4, number(1, locations), number(2, 7)));
            parts.add(number(1, locations));
        }
        parts.add(number(2, value));
        message(2, parts.toArray(byte[][]::new));
        return this;
    }

    byte[] toBytes() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(out.toByteArray());
        strings.keySet().forEach(text -> whole.writeBytes(bytes(6, text.getBytes(StandardCharsets.UTF_8))));
        return whole.toByteArray();
    }

    private int string(String text) {
        return strings.computeIfAbsent(text, it -> strings.size());
    }

    private void message(int field, byte[]... parts) {
        out.writeBytes(bytes(field, parts));
    }

    private static byte[] number(int field, long value) {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        varint((long) field << 3, to);
        varint(value, to);
        return to.toByteArray();
    }

    private static byte[] bytes(int field, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        varint((long) field << 3 | 2, to);
        varint(content.size(), to);
        to.writeBytes(content.toByteArray());
        return to.toByteArray();
    }

    private static void varint(long value, ByteArrayOutputStream to) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            to.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        to.write((int) rest);
    }
}
