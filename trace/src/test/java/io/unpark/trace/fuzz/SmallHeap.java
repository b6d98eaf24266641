package io.unpark.trace.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * The main class of a JVM with little memory: replays the regression corpus and the costly inputs, then as many seeded
 * mutations as asked for. Prints what it did and every promise that was broken; then its exit code is 1.
 */
final class SmallHeap {
    private static final int MAX_EDITS = 12;

    private final Path findings;
    private int broken;
    private int whole;
    private long events;

    private SmallHeap(Path findings) {
        this.findings = findings;
    }

    /**
     * Arguments: seed, number of mutations, seconds that they may take, folder for inputs that break a promise,
     * folder with {@link Seeds} (unpacking the recordings takes more memory than there is here).
     */
    public static void main(String[] args) throws IOException {
        SmallHeap heap = new SmallHeap(Files.createDirectories(Path.of(args[3])));
        List<Path> regressions = Seeds.regressions();
        for (Path file : regressions) {
            heap.replay(file.getFileName().toString(), Files.readAllBytes(file));
        }
        for (Map.Entry<String, Supplier<byte[]>> hostile : Hostile.all().entrySet()) {
            long startNs = System.nanoTime();
            String outcome = heap.replay(hostile.getKey(), hostile.getValue().get());
            long ms = (System.nanoTime() - startNs) / 1_000_000;
            System.out.printf("%5d ms  %s: %s%n", ms, hostile.getKey(), outcome);
        }
        long endNs = System.nanoTime() + Long.parseLong(args[2]) * 1_000_000_000L;
        int mutations = heap.mutate(Long.parseLong(args[0]), Integer.parseInt(args[1]), endNs, Path.of(args[4]));
        System.out.printf(
                "%d regressions, %d mutations (%d decoded whole, %d events), %d broke a promise; heap of %d MiB%n",
                regressions.size(),
                mutations,
                heap.whole,
                heap.events,
                heap.broken,
                Runtime.getRuntime().maxMemory() >> 20);
        System.exit(heap.broken == 0 ? 0 : 1);
    }

    private int mutate(long seed, int mutations, long endNs, Path folder) throws IOException {
        List<byte[]> seeds = Seeds.read(folder);
        whole = 0;
        events = 0;
        int done = 0;
        while (done < mutations && System.nanoTime() < endNs) {
            Random random = new Random(seed + done);
            byte[] input = Edits.apply(seeds, Choices.of(random, 1 + random.nextInt(1 + random.nextInt(MAX_EDITS))));
            replay("mutation " + (seed + done), input);
            done++;
        }
        return done;
    }

    private String replay(String name, byte[] input) throws IOException {
        try {
            Targets.Outcome outcome = Targets.bounded(input);
            events += outcome.events();
            whole += outcome.failure() == null ? 1 : 0;
            return outcome.failure() == null
                    ? outcome.events() + " events"
                    : outcome.failure().getMessage();
        } catch (RuntimeException | Error e) {
            broken++;
            Path saved = findings.resolve("finding-" + Integer.toHexString(Arrays.hashCode(input)));
            Files.write(saved, input);
            System.err.println("BROKEN by " + name + ", whose input is in " + saved);
            e.printStackTrace();
            return e.toString();
        }
    }
}
