package io.unpark.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * Assembles readable text into the bytes of a trace. Two kinds of lines, which may be mixed; {@code #} begins a comment.
 *
 * <p>Ours, where sizes, strings, stacks, clock and ends of generations write themselves:
 *
 * <pre>{@code
 * Trace Go1.26
 * Generation 1 freq=1000000000 mono=5 sec=1700000000 nsec=0    # all but the number optional
 * M 7 at 100                                                   # a batch of M 7 ("none": no M), ticks
 * +1 ProcStatus p=0 pstatus=running                            # ticks since the event before
 * +1 GoStatus g=1 m=7 gstatus=running
 * +5 GoBlock reason="chan receive" stack=main.work@/src/main.go:12<main.main@/src/main.go:5
 * Sample at 103 m=7 p=0 g=1 stack=main.work@/src/main.go:12
 * Hex 01 ff                                                    # bytes as they are
 * }</pre>
 *
 * Arguments that are left out are 0. A generation's tables follow its batches.
 *
 * <p>The Go toolchain's raw text ({@code go tool trace -d=wire}, {@code internal/trace/raw}), where everything is said:
 * {@code EventBatch gen=1 m=0 time=0 size=13}, {@code GoStart dt=1 g=1 g_seq=1}, and so on.
 */
public final class TraceText {
    private final Deque<String> lines = new ArrayDeque<>();
    private final WireBytes out = new WireBytes();
    private GenerationText generation;
    private int goMinor;

    private TraceText(String text) {
        text.lines().forEach(lines::add);
    }

    /**
     * @return the trace's bytes, header included
     * @throws IllegalArgumentException naming the line that is not understood
     */
    public static byte[] assemble(String text) {
        return new TraceText(text).assemble();
    }

    private byte[] assemble() {
        TextLine header = nextLine();
        String version = header == null ? "" : header.word(1);
        if (!version.startsWith("Go1.") || !header.word(0).equals("Trace")) {
            throw new IllegalArgumentException("expected a first line such as: Trace Go1.26");
        }
        goMinor = Integer.parseInt(version.substring("Go1.".length()));
        out.raw(GenerationText.header(goMinor));
        for (TextLine line = nextLine(); line != null; line = nextLine()) {
            assemble(line);
        }
        endGeneration();
        return out.toBytes();
    }

    private void assemble(TextLine line) {
        String first = line.word(0);
        if (first.equals("Generation")) {
            endGeneration();
            generation = new GenerationText(goMinor, line);
        } else if (first.equals("Hex")) {
            endGeneration();
            for (int i = 1; i < line.wordCount(); i++) {
                out.byteValue(Integer.parseInt(line.word(i), 16));
            }
        } else if (first.startsWith("+") || first.equals("M") || first.equals("Sample")) {
            ours(first, line);
        } else {
            endGeneration();
            raw(WireSpec.of(first), line);
        }
    }

    private void ours(String first, TextLine line) {
        if (generation == null) {
            throw line.wrong("outside a generation");
        }
        switch (first) {
            case "M" -> generation.beginBatch(line);
            case "Sample" -> generation.sample(line);
            default -> generation.event(line);
        }
    }

    private void endGeneration() {
        if (generation != null) {
            out.raw(generation.toBytes());
            generation = null;
        }
    }

    private void raw(WireSpec spec, TextLine line) {
        Map<String, String> pairs = line.pairs(1);
        out.byteValue(spec.code());
        for (String arg : spec.args()) {
            rawArgument(arg, pairs, line);
        }
        if (spec.name().equals("Stack")) {
            long frames = TextLine.number(line.pairs(1).get("nframes"));
            for (long i = 0; i < frames; i++) {
                TextLine frame = nextLine();
                Map<String, String> fields = frame.pairs(0);
                WireSpec.FRAME.forEach(field -> rawArgument(field, fields, frame));
            }
        }
        if (spec.hasData()) {
            String data = nextLine().pairs(0).get("data");
            byte[] bytes = TextLine.unquote(data);
            out.varint(bytes.length).raw(bytes);
        }
    }

    private void rawArgument(String name, Map<String, String> pairs, TextLine line) {
        String value = pairs.get(name);
        if (value == null) {
            throw line.wrong("no " + name);
        }
        out.varint(TextLine.number(value));
    }

    private TextLine nextLine() {
        while (!lines.isEmpty()) {
            TextLine line = new TextLine(lines.remove());
            if (!line.isEmpty()) {
                return line;
            }
        }
        return null;
    }
}
