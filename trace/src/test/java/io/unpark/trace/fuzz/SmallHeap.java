package io.unpark.trace.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * The main class of a JVM with little memory: replays the regression corpus, then as many seeded edits as asked for.
 * Prints what it did; a broken promise ends it with a stack trace, and the input in the folder named last.
 */
final class SmallHeap {
    private static final int MAX_EDITS = 12;

    private SmallHeap() {}

    /** Arguments: seed, number of mutations, seconds after which to stop, folder for an input that breaks a promise. */
    public static void main(String[] args) throws IOException {
        long seed = Long.parseLong(args[0]);
        int mutations = Integer.parseInt(args[1]);
        long endNs = System.nanoTime() + Long.parseLong(args[2]) * 1_000_000_000L;
        Path findings = Path.of(args[3]);
        int replayed = 0;
        for (Path file : Seeds.regressions()) {
            one(Files.readAllBytes(file), findings);
            replayed++;
        }
        List<byte[]> seeds = Seeds.all();
        int done = 0;
        int whole = 0;
        long events = 0;
        for (; done < mutations && System.nanoTime() < endNs; done++) {
            Random random = new Random(seed + done);
            byte[] input = Edits.apply(seeds, Choices.of(random, 1 + random.nextInt(MAX_EDITS)));
            Targets.Outcome outcome = one(input, findings);
            events += outcome.events();
            whole += outcome.failure() == null ? 1 : 0;
        }
        System.out.printf(
                "%d regressions, %d mutations of %d seeds (%d decoded whole, %d events), heap %d MiB%n",
                replayed, done, seeds.size(), whole, events, Runtime.getRuntime().maxMemory() >> 20);
    }

    private static Targets.Outcome one(byte[] input, Path findings) throws IOException {
        try {
            return Targets.all(input);
        } catch (RuntimeException | Error e) {
            Path saved = findings.resolve("finding-" + Integer.toHexString(java.util.Arrays.hashCode(input)));
            Files.write(saved, input);
            System.err.println("the input is in " + saved);
            throw e;
        }
    }
}
