package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StackRefsTest {
    private static final int STACKS = 1_000;

    @Test
    void whatWasForgottenAndComesAgainCanBeReadAgain() {
        // Given
        List<Stack> all =
                IntStream.range(0, STACKS).mapToObj(StackRefsTest::stack).toList();
        StackRefs written = new StackRefs(new StackTable());
        write(written, all);
        // When
        write(written, List.of());
        byte[] numbers = write(written, all);
        // Then
        StackRefs read = new StackRefs(new StackTable());
        for (int page = 0; page < written.pages(); page++) {
            BinaryWriter out = new BinaryWriter();
            written.writePage(page, out);
            read.readPage(page, new BinaryReader(out.toBytes()));
        }
        BinaryReader in = new BinaryReader(numbers);
        assertThat(all).allSatisfy(stack -> assertThat(read.read(in)).isEqualTo(stack));
    }

    private static byte[] write(StackRefs refs, List<Stack> stacks) {
        BinaryWriter out = new BinaryWriter();
        refs.beginWrite();
        stacks.forEach(stack -> refs.write(out, stack));
        refs.endWrite();
        return out.toBytes();
    }

    private static Stack stack(int line) {
        return new Stack(List.of(new Frame("main.work", "main.go", line + 1)));
    }
}
