package io.unpark.app;

import io.unpark.app.console.UserError;
import picocli.CommandLine.Command;

/** {@code unpark dlq}: what was refused, and the way back. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "list|show|redrive",
        description =
                "Records that were refused: how many and why, what they are, and back to where they were refused.",
        subcommands = {DlqListVerb.class, DlqShowVerb.class, DlqRedriveVerb.class},
        footer = {
            "",
            "  unpark dlq list --bootstrap kafka:9092",
            "  unpark dlq show --bootstrap kafka:9092 --topic go-trace-chunks --offset 12 --out refused.trace",
            "  unpark dlq redrive --bootstrap kafka:9092 --reason UNKNOWN_VERSION --registry http://registry:8081"
        })
final class DlqVerb implements Runnable {
    @Override
    public void run() {
        throw UserError.usage("say list, show or redrive; see unpark dlq --help");
    }
}
