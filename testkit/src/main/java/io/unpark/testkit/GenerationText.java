package io.unpark.testkit;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A generation in our own text: collects its batches, interns strings and stacks, and writes the tables, the clock and the
 * end that the format's version asks for.
 */
final class GenerationText {
    private static final Map<String, Long> P_STATUS = Map.of("running", 1L, "idle", 2L, "syscall", 3L, "abandoned", 4L);
    private static final Map<String, Long> G_STATUS =
            Map.of("runnable", 1L, "running", 2L, "syscall", 3L, "waiting", 4L);

    private final int goMinor;
    private final long number;
    private final Map<String, String> clock;
    private final WireBytes out = new WireBytes();
    private final Map<String, Integer> strings = new LinkedHashMap<>();
    private final Map<String, Integer> stacks = new LinkedHashMap<>();
    private final Map<String, Integer> pcs = new LinkedHashMap<>();
    private final WireBytes samples = new WireBytes();

    private WireBytes batch;
    private long batchM;
    private long batchTime;

    /** {@code Generation 1 freq=1000000000 mono=… sec=… nsec=…}, all but the number optional. */
    GenerationText(int goMinor, TextLine line) {
        this.goMinor = goMinor;
        this.number = TextLine.number(line.word(1));
        this.clock = line.pairs(2);
    }

    /** {@code M 7 at 100}: a batch of events. */
    void beginBatch(TextLine line) {
        endBatch();
        batch = new WireBytes();
        batchM = TextLine.number(line.word(1));
        batchTime = TextLine.number(line.word(3));
    }

    /** {@code +5 GoBlock reason="chan receive" stack=main.f@f.go:3}. */
    void event(TextLine line) {
        if (batch == null) {
            throw line.wrong("an event outside a batch");
        }
        WireSpec spec = WireSpec.of(line.word(1));
        Map<String, String> pairs = line.pairs(2);
        batch.byteValue(spec.code()).varint(TextLine.number(line.word(0).substring(1)));
        for (String arg : spec.args().subList(1, spec.args().size())) {
            batch.varint(value(arg, pairs));
        }
        if (!pairs.isEmpty()) {
            throw line.wrong("unknown arguments " + pairs.keySet());
        }
    }

    /** {@code Sample at 100 m=1 p=0 g=1 stack=main.f@f.go:3}. */
    void sample(TextLine line) {
        Map<String, String> pairs = line.pairs(3);
        samples.byteValue(WireSpec.of("CPUSample").code()).varint(TextLine.number(line.word(2)));
        for (String arg : new String[] {"m", "p", "g", "stack"}) {
            samples.varint(value(arg, pairs));
        }
    }

    byte[] toBytes() {
        endBatch();
        if (samples.size() > 0) {
            table("CPUSamples", samples);
        }
        table("Stacks", stackTable());
        table("Strings", stringTable());
        writeBatch(-1, earliest(), syncBatch());
        if (goMinor >= 26) {
            out.byteValue(WireSpec.of("EndOfGeneration").code());
        }
        return out.toBytes();
    }

    private long earliest() {
        return TextLine.number(clock.getOrDefault("time", "1"));
    }

    private void endBatch() {
        if (batch != null) {
            writeBatch(batchM, batchTime, batch);
            batch = null;
        }
    }

    private void table(String name, WireBytes entries) {
        WireBytes table = new WireBytes().byteValue(WireSpec.of(name).code()).raw(entries.toBytes());
        writeBatch(-1, earliest(), table);
    }

    private void writeBatch(long m, long time, WireBytes content) {
        out.byteValue(WireSpec.of("EventBatch").code());
        out.varint(number).varint(m).varint(time).varint(content.size()).raw(content.toBytes());
    }

    private WireBytes syncBatch() {
        WireBytes sync = new WireBytes();
        if (goMinor >= 25) {
            sync.byteValue(WireSpec.of("Sync").code());
        }
        sync.byteValue(WireSpec.of("Frequency").code())
                .varint(TextLine.number(clock.getOrDefault("freq", "1000000000")));
        if (goMinor >= 25) {
            sync.byteValue(WireSpec.of("ClockSnapshot").code()).varint(0);
            sync.varint(TextLine.number(clock.getOrDefault("mono", "1")));
            sync.varint(TextLine.number(clock.getOrDefault("sec", "1700000000")));
            sync.varint(TextLine.number(clock.getOrDefault("nsec", "0")));
        }
        return sync;
    }

    private long value(String arg, Map<String, String> pairs) {
        String shortName = arg.replaceFirst("_(string|value)$", "");
        String text = pairs.containsKey(arg) ? pairs.remove(arg) : pairs.remove(shortName);
        if (text == null) {
            return 0;
        }
        if (TextLine.isQuoted(text)) {
            return string(text);
        }
        if (arg.endsWith("stack") && text.indexOf('@') > 0) {
            return stacks.computeIfAbsent(text, key -> stacks.size() + 1);
        }
        Map<String, Long> names = arg.equals("pstatus") ? P_STATUS : arg.equals("gstatus") ? G_STATUS : Map.of();
        return names.containsKey(text) ? names.get(text) : TextLine.number(text);
    }

    private int string(String quoted) {
        if (quoted.length() == 2) {
            return 0;
        }
        return strings.computeIfAbsent(quoted, key -> strings.size() + 1);
    }

    private WireBytes stringTable() {
        WireBytes table = new WireBytes();
        strings.forEach((quoted, id) -> {
            byte[] bytes = TextLine.unquote(quoted);
            table.byteValue(WireSpec.of("String").code())
                    .varint(id)
                    .varint(bytes.length)
                    .raw(bytes);
        });
        return table;
    }

    /** {@code f@file:line<g@file:line}: the innermost first. Each frame text gets a program counter of its own. */
    private WireBytes stackTable() {
        WireBytes table = new WireBytes();
        stacks.forEach((text, id) -> {
            String[] frames = text.split("<");
            table.byteValue(WireSpec.of("Stack").code()).varint(id).varint(frames.length);
            for (String frame : frames) {
                int at = frame.indexOf('@');
                int colon = frame.lastIndexOf(':');
                table.varint(pcs.computeIfAbsent(frame, key -> 0x1000 + pcs.size()));
                table.varint(string('"' + frame.substring(0, at) + '"'));
                table.varint(string('"' + frame.substring(at + 1, colon) + '"'));
                table.varint(TextLine.number(frame.substring(colon + 1)));
            }
        });
        return table;
    }

    static byte[] header(int goMinor) {
        return ("go 1." + goMinor + " trace\0\0\0").getBytes(StandardCharsets.US_ASCII);
    }
}
