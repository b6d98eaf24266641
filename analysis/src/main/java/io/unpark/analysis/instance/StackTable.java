package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.trace.GenerationTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Stacks interned by content: a generation's stack ids mean nothing in the next one. Equal stacks are one object, so that
 * stacks can be compared with {@code ==} within a correlator.
 */
final class StackTable {
    private final Map<Stack, Stack> interned = new HashMap<>();
    private GenerationTables tables;
    private Stack[] byId = new Stack[256];

    /** What was found out about stacks holds within one: it ends with a generation, and when stacks are forgotten. */
    private int epoch;

    StackTable() {
        interned.put(Stack.EMPTY, Stack.EMPTY);
    }

    /** From here on ids are those of this generation. */
    void begin(GenerationTables generation) {
        tables = generation;
        epoch++;
        Arrays.fill(byId, null);
    }

    /** The stack of an id of the generation at hand; EMPTY for 0. */
    Stack of(int id) {
        if (id == 0) {
            return Stack.EMPTY;
        }
        if (id < byId.length && id > 0) {
            Stack known = byId[id];
            if (known != null) {
                return known;
            }
        }
        Stack stack = intern(read(id));
        remember(id, stack);
        return stack;
    }

    Stack intern(Stack stack) {
        Stack known = interned.get(stack);
        if (known == null) {
            known = new KnownStack(stack.frames());
            interned.put(known, known);
        }
        return known;
    }

    int epoch() {
        return epoch;
    }

    int size() {
        return interned.size();
    }

    /** Forgets every stack that {@code inUse} does not hold: what no state refers to would only pile up. */
    void retain(java.util.Set<Stack> inUse) {
        epoch++;
        interned.keySet().retainAll(inUse);
        interned.put(Stack.EMPTY, Stack.EMPTY);
    }

    private void remember(int id, Stack stack) {
        if (id < 0 || id > MAX_CACHED) {
            return;
        }
        if (id >= byId.length) {
            byId = Arrays.copyOf(byId, Math.max(id + 1, byId.length * 2));
        }
        byId[id] = stack;
    }

    private Stack read(int id) {
        int count = tables.frameCount(id);
        List<Frame> frames = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            frames.add(new Frame(tables.function(id, i), tables.file(id, i), tables.line(id, i)));
        }
        return new Stack(frames);
    }

    /** Ids beyond this (a hostile table may hold any) are read again each time. */
    private static final int MAX_CACHED = 1 << 20;
}
