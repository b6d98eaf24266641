package io.unpark.app;

import io.unpark.app.console.ExitCode;
import io.unpark.app.console.Terminal;
import io.unpark.app.dlq.LetterBox;
import io.unpark.app.dlq.LetterSummary;
import io.unpark.app.dlq.Selection;
import io.unpark.schemas.Topic;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unpark dlq list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "How many records each dead-letter topic holds, since when, and why they were refused.")
final class DlqListVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DlqCluster cluster;

    @Option(names = "--topic", paramLabel = "NAME", description = "Only this one, or the one of this input.")
    private String topic = "";

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        LetterBox box = cluster.letters();
        for (Topic<byte[], byte[]> one : box.topics(topic)) {
            LetterSummary summary = new LetterSummary();
            box.each(List.of(one), Selection.ALL, summary::add);
            print(one.name(), summary, out);
        }
        return ExitCode.OK;
    }

    private static void print(String name, LetterSummary it, PrintWriter out) {
        if (it.count() == 0) {
            out.println(name + ": empty");
            return;
        }
        out.println(name + ": " + (it.count() == 1 ? "1 record" : it.count() + " records") + ", "
                + Terminal.bytes(it.bytes()) + ", from " + Instant.ofEpochMilli(it.oldestMs()) + " to "
                + Instant.ofEpochMilli(it.newestMs()));
        it.reasons().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .forEach(reason -> out.println("  " + reason.getValue() + "  " + DlqShowVerb.plain(reason.getKey())));
    }
}
