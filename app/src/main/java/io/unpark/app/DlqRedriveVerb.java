package io.unpark.app;

import io.unpark.app.console.ExitCode;
import io.unpark.app.console.UserError;
import io.unpark.app.dlq.LetterBox;
import io.unpark.app.dlq.Redrive;
import io.unpark.app.dlq.RedriveResult;
import io.unpark.app.dlq.Selection;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unpark dlq redrive}. */
@Command(
        name = "redrive",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Puts refused records back where they were refused, after an upgrade say. Each goes once, however often this is"
                        + " run or killed; one that is refused again comes back as a new record, up to --max-redrives times.",
        footer = {
            "",
            "What was redriven stays on the dead-letter topic until its retention is over; redrive remembers it as the offsets of"
                    + " the consumer group unpark-dlq-redrive.",
            "Exit code: 0 done; 3 done, but some of the selected records stay (see stderr)."
        })
final class DlqRedriveVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DlqCluster cluster;

    @Option(
            names = "--registry",
            paramLabel = "URL,...",
            description = "Needed for traces that the collector kept since it did not know their version.")
    private String registry;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description = "Only this dead-letter topic, or the one of this input.")
    private String topic = "";

    @Option(names = "--reason", paramLabel = "WORD", description = "Only those, as dlq list names it.")
    private String reason = "";

    @Option(names = "--partition", paramLabel = "N", description = "Only this one of the dead-letter topic.")
    private Integer partition;

    @Option(names = "--offset", paramLabel = "N[-M]", description = "Only these of the dead-letter topic.")
    private String offsets = "";

    @Option(names = "--dry-run", description = "Tell what would be sent, and send nothing.")
    private boolean dryRun;

    @Option(
            names = "--max-redrives",
            paramLabel = "N",
            description = "A record that was redriven so often stays; 3 when left out.")
    private int maxRedrives = 3;

    @Override
    public Integer call() {
        if (maxRedrives < 1) {
            throw UserError.usage("--max-redrives takes 1 or more");
        }
        if (!offsets.isEmpty() && topic.isEmpty()) {
            throw UserError.usage("--offset needs --topic");
        }
        LetterBox box = cluster.letters();
        Selection selection = Selection.of(reason, partition, offsets);
        Redrive redrive =
                new Redrive(box, cluster.serdes(registry), new Redrive.Options(selection, dryRun, maxRedrives));
        RedriveResult result = redrive.run(box.topics(topic));
        print(result);
        return result.left() == 0 ? ExitCode.OK : ExitCode.REFUSED;
    }

    private void print(RedriveResult result) {
        PrintWriter out = spec.commandLine().getOut();
        String did = dryRun ? "would redrive " : "redrove ";
        out.println(
                result.letters() == 0
                        ? "nothing to redrive"
                        : did + (result.letters() == 1 ? "1 record" : result.letters() + " records"));
        result.byTopic().forEach((name, count) -> out.println("  " + count + " to " + name));
        PrintWriter err = spec.commandLine().getErr();
        result.examples().forEach(example -> err.println("stays: " + DlqShowVerb.plain(example)));
        if (result.left() > result.examples().size()) {
            err.println("stays: " + (result.left() - result.examples().size()) + " more");
        }
    }
}
