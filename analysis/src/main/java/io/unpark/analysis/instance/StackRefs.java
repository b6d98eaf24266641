package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Numbers for the stacks that the written state refers to. A stack keeps its number for as long as something refers to it,
 * so that the pages that name it stay the same.
 */
final class StackRefs {
    /** Stacks a page. */
    static final int PAGE = 64;

    private static final int MAX_PAGES = 1 << 20;

    private final StackTable table;
    private final Map<Stack, Integer> numbers = new IdentityHashMap<>();
    private final List<Stack> stacks = new ArrayList<>();
    private BitSet used = new BitSet();

    /** Pages that hold other stacks than when they were written last. */
    private final BitSet changed = new BitSet();

    private int nextFree = 1;

    StackRefs(StackTable table) {
        this.table = table;
        stacks.add(Stack.EMPTY);
        numbers.put(Stack.EMPTY, 0);
    }

    void beginWrite() {
        used = new BitSet();
        used.set(0);
    }

    void write(BinaryWriter out, Stack stack) {
        Integer number = numbers.get(stack);
        if (number == null) {
            number = free();
            numbers.put(stack, number);
            if (number == stacks.size()) {
                stacks.add(stack);
            } else {
                stacks.set(number, stack);
            }
            changed.set(number / PAGE);
        }
        used.set(number);
        out.writeUnsigned(number);
    }

    /** The first number that no stack has: {@link #endWrite} frees numbers only between two writes. */
    private int free() {
        for (int i = nextFree; i < stacks.size(); i++) {
            if (stacks.get(i) == null) {
                nextFree = i + 1;
                return i;
            }
        }
        nextFree = stacks.size() + 1;
        return stacks.size();
    }

    /** Forgets what was not referred to since {@link #beginWrite}. */
    void endWrite() {
        nextFree = 1;
        for (int i = 1; i < stacks.size(); i++) {
            Stack stack = stacks.get(i);
            if (stack != null && !used.get(i)) {
                forget(stack, i);
                stacks.set(i, null);
                changed.set(i / PAGE);
            }
        }
    }

    /** Not {@code remove(stack, number)}: from JDK 20 on that asks whether the number is the same object. */
    private void forget(Stack stack, int number) {
        if (numbers.getOrDefault(stack, 0) == number) {
            numbers.remove(stack);
        }
    }

    Set<Stack> inUse() {
        return Collections.unmodifiableSet(numbers.keySet());
    }

    int pages() {
        return (stacks.size() + PAGE - 1) / PAGE;
    }

    /** Whether the page holds a stack but the empty one, which needs no writing. */
    boolean isPageInUse(int page) {
        int from = Math.max(1, page * PAGE);
        int to = Math.min(stacks.size(), (page + 1) * PAGE);
        return stacks.subList(Math.min(from, to), to).stream().anyMatch(Objects::nonNull);
    }

    /** Whether the page holds what it held when it was written last, or read. */
    boolean isPageUnchanged(int page) {
        return !changed.get(page);
    }

    /** Writes one page; empty slots too, so that numbers are places. */
    void writePage(int page, BinaryWriter out) {
        int from = page * PAGE;
        int to = Math.min(stacks.size(), from + PAGE);
        changed.clear(page);
        out.writeUnsigned(to - from);
        for (int i = from; i < to; i++) {
            Stack stack = stacks.get(i);
            List<Frame> frames = stack == null ? List.of() : stack.frames();
            out.writeUnsigned(frames.size());
            for (Frame frame : frames) {
                out.writeText(frame.function());
                out.writeText(frame.file());
                out.writeUnsigned(frame.line());
            }
        }
    }

    void readPage(long page, BinaryReader in) {
        int count = in.readCount();
        if (page < 0 || page > MAX_PAGES || count > PAGE) {
            throw new CodecException("stack page " + page + " of " + count);
        }
        for (int i = 0; i < count; i++) {
            int number = (int) page * PAGE + i;
            int depth = in.readCount();
            List<Frame> frames = new ArrayList<>(depth);
            for (int d = 0; d < depth; d++) {
                frames.add(new Frame(in.readText(), in.readText(), (int) in.readUnsigned()));
            }
            while (stacks.size() <= number) {
                stacks.add(null);
            }
            if (!frames.isEmpty()) {
                Stack stack = table.intern(new Stack(frames));
                stacks.set(number, stack);
                numbers.put(stack, number);
            }
        }
    }

    Stack read(BinaryReader in) {
        long number = in.readUnsigned();
        Stack stack = number >= 0 && number < stacks.size() ? stacks.get((int) number) : null;
        if (stack == null) {
            throw new CodecException("no stack has number " + number);
        }
        return stack;
    }
}
