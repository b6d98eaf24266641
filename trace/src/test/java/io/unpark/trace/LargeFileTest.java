package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.testkit.TraceText;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of more than one mapping's 2 GiB: all of it is read, with the memory of one generation. */
class LargeFileTest {
    private static final boolean CHOSEN = Integer.getInteger("unpark.corpus.every", 8) == 1;
    private static final int GENERATIONS = 2200;
    private static final int BATCHES = 16;
    private static final int BATCH_BYTES = TraceLimits.MAX_BATCH_BYTES;
    private static final long MAX_ALLOCATED_BYTES = 16L << 20;

    @TempDir
    Path folder;

    @Test
    void isReadWithTheMemoryOfOneGeneration() throws IOException {
        if (!CHOSEN) {
            Skipped.now("a trace of more than 2 GiB is only read with -Dunpark.corpus.every=1");
        }
        // Given
        Path file = write(folder.resolve("large.trace"));
        long[] syncs = new long[1];
        EventVisitor counter = new EventVisitor() {
            @Override
            public void sync(EventContext at, int n) {
                syncs[0]++;
            }
        };

        // When
        long before = allocatedBytes();
        int complete;
        try (TraceReader reader = TraceReader.open(file)) {
            while (reader.readGeneration(counter)) {
                continue;
            }
            complete = reader.completeGenerations();
        }
        long allocated = allocatedBytes() - before;

        // Then
        assertThat(file.toFile().length()).isGreaterThan(Integer.MAX_VALUE);
        assertThat(complete).isEqualTo(GENERATIONS);
        assertThat(syncs[0]).isEqualTo(GENERATIONS + 1);
        assertThat(allocated).isLessThan(MAX_ALLOCATED_BYTES);
        System.out.println(file.toFile().length() + " bytes read, " + allocated + " bytes allocated on the heap");
    }

    /** Sparse: nearly all bytes are in experimental batches, whose content is skipped. */
    private static Path write(Path file) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(new TraceHeader(26).bytes()));
            for (int number = 1; number <= GENERATIONS; number++) {
                for (int i = 0; i < BATCHES; i++) {
                    out.write(ByteBuffer.wrap(experimentalBatch(number)));
                    out.position(out.position() + BATCH_BYTES);
                }
                String status = "+1 ProcStatus p=0 pstatus=running\n";
                out.write(assemble("Generation " + number + "\nM 1 at " + 1000L * number + "\n" + status));
            }
        }
        return file;
    }

    /** Up to its content, whose length is that of an empty one, replaced. */
    private static byte[] experimentalBatch(int number) {
        byte[] empty = assemble("ExperimentalBatch exp=1 gen=" + number + " m=1 time=1000\n\tdata=\"\"\n")
                .array();
        byte[] batch = Arrays.copyOfRange(empty, TraceHeader.LENGTH, empty.length + 2);
        batch[batch.length - 3] = (byte) 0x80;
        batch[batch.length - 2] = (byte) 0x80;
        batch[batch.length - 1] = (byte) (BATCH_BYTES >> 14);
        return batch;
    }

    private static ByteBuffer assemble(String text) {
        return ByteBuffer.wrap(TraceText.assemble("Trace Go1.26\n" + text)).position(TraceHeader.LENGTH);
    }

    private static long allocatedBytes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
