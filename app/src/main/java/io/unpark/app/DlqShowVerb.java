package io.unpark.app;

import io.unpark.app.console.ExitCode;
import io.unpark.app.console.Terminal;
import io.unpark.app.console.UserError;
import io.unpark.app.dlq.Letter;
import io.unpark.app.dlq.LetterBox;
import io.unpark.app.dlq.LetterContent;
import io.unpark.app.dlq.Selection;
import io.unpark.schemas.Topic;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.header.Header;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unpark dlq show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Refused records one by one: why, from where, key, headers, size.",
        footer = {
            "",
            "--out writes the values as they lie there, one after the other: of a trace that the collector kept, all its parts"
                    + " (--offset FIRST-LAST) are the file that was pushed. A refused generation lies there as Avro; with --registry,"
                    + " --out writes it as a trace that go tool trace opens."
        })
final class DlqShowVerb implements Callable<Integer> {
    private static final int MAX_HEADER_CHARS = 300;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DlqCluster cluster;

    @Option(
            names = "--topic",
            required = true,
            paramLabel = "NAME",
            description = "The dead-letter topic, or its input.")
    private String topic;

    @Option(names = "--partition", paramLabel = "N", description = "Only this one.")
    private Integer partition;

    @Option(names = "--offset", paramLabel = "N[-M]", description = "Only these.")
    private String offsets = "";

    @Option(names = "--reason", paramLabel = "WORD", description = "Only those, as dlq list names it.")
    private String reason = "";

    @Option(names = "--limit", paramLabel = "N", description = "At most so many; 20 when left out.")
    private int limit = 20;

    @Option(names = "--out", paramLabel = "FILE", description = "Where their bytes go; a new file.")
    private Path file;

    @Option(
            names = "--registry",
            paramLabel = "URL,...",
            description = "With --out: write refused generations as traces, not as Avro.")
    private String registry;

    @Override
    public Integer call() {
        if (limit < 1) {
            throw UserError.usage("--limit takes 1 or more");
        }
        LetterBox box = cluster.letters();
        Selection selection = Selection.of(reason, partition, offsets);
        LetterContent content = new LetterContent(cluster.serdes(registry));
        try (OutputStream bytes = open()) {
            int shown = show(box, box.topics(topic), selection, content, bytes);
            return shown == 0 ? nothing() : ExitCode.OK;
        } catch (IOException | UncheckedIOException e) {
            throw UserError.environment("cannot write " + file + ": " + e.getMessage());
        }
    }

    private int nothing() {
        spec.commandLine().getErr().println("no such record");
        return ExitCode.FAILURE;
    }

    private OutputStream open() throws IOException {
        try {
            return file == null
                    ? OutputStream.nullOutputStream()
                    : new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW));
        } catch (FileAlreadyExistsException e) {
            throw UserError.usage(file + " is there already; --out writes a new file");
        }
    }

    private int show(
            LetterBox box,
            List<Topic<byte[], byte[]>> topics,
            Selection selection,
            LetterContent content,
            OutputStream bytes) {
        PrintWriter out = spec.commandLine().getOut();
        int[] count = new int[1];
        box.each(topics, selection, letter -> {
            count[0]++;
            if (count[0] > limit) {
                return;
            }
            print(letter, out);
            if (file != null) {
                write(letter, content, bytes);
            }
        });
        if (count[0] > limit) {
            out.println("... and " + (count[0] - limit) + " more (--limit)");
        }
        return count[0];
    }

    private void write(Letter letter, LetterContent content, OutputStream out) {
        try {
            LetterContent.Bytes bytes = content.of(letter);
            out.write(bytes.bytes());
            spec.commandLine()
                    .getErr()
                    .println("wrote " + Terminal.bytes(bytes.bytes().length) + " of " + bytes.what() + " to " + file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void print(Letter letter, PrintWriter out) {
        out.println(letter.place() + "  " + Instant.ofEpochMilli(letter.record().timestamp()));
        line(out, "reason", letter.reason() + (letter.message().isEmpty() ? "" : ": " + letter.message()));
        String place = letter.originPlace();
        line(out, "from", letter.origin() + (place.isEmpty() ? ", pushed to the collector" : "-" + place));
        line(out, "key", letter.key());
        line(out, "value", letter.record().value() == null ? "none" : Terminal.bytes(letter.valueBytes()));
        for (Header header : letter.record().headers()) {
            String value = header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
            line(out, "header " + header.key(), value);
        }
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println("  " + plain(name) + "  " + plain(value));
    }

    /** One line of printable text: keys and headers come from outside, and a terminal obeys control characters. */
    static String plain(String text) {
        String bounded = text.length() <= MAX_HEADER_CHARS ? text : text.substring(0, MAX_HEADER_CHARS) + "...";
        StringBuilder plain = new StringBuilder();
        bounded.codePoints().forEach(c -> plain.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return plain.toString();
    }
}
