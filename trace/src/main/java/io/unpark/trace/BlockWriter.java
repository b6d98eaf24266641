package io.unpark.trace;

import io.unpark.trace.BlockQueue.Abandoned;

/** Writes what it is told into blocks, and hands on the full ones. */
final class BlockWriter implements EventVisitor {
    private final BlockQueue queue;
    private EventBlock block;

    BlockWriter(BlockQueue queue) {
        this.queue = queue;
    }

    /** @throws Abandoned when nobody wants the rest */
    void begin() {
        block = queue.free();
    }

    /** Nothing follows. {@code failure} is why there is less than there should be, or null. */
    void end(Throwable failure) {
        EventBlock ending = block;
        ending.last = true;
        ending.failure = failure;
        // Once it is handed on, the next generation may begin on another thread: nothing is touched after that.
        block = null;
        queue.handOn(ending);
    }

    private int open(EventContext at, int kind, int from, int to, int arguments) {
        if (!block.hasRoom()) {
            queue.handOn(block);
            block = queue.free();
        }
        long[] words = block.words;
        int i = block.wordCount;
        words[i] = EventBlock.head(kind, from, to, at.stack());
        words[i + 1] = at.timeNs();
        words[i + 2] = at.g();
        words[i + 3] = at.m();
        words[i + 4] = at.p();
        block.wordCount = i + EventBlock.CONTEXT_WORDS + arguments;
        return i + EventBlock.CONTEXT_WORDS;
    }

    private void name(Object name) {
        block.names[block.nameCount++] = name;
    }

    private void tables(int kind, GenerationTables tables) {
        if (!block.hasRoom()) {
            queue.handOn(block);
            block = queue.free();
        }
        block.words[block.wordCount] = kind;
        block.wordCount += EventBlock.CONTEXT_WORDS;
        name(tables);
    }

    @Override
    public void generationBegin(GenerationTables tables) {
        tables(EventBlock.BEGIN, tables);
    }

    @Override
    public void generationEnd(GenerationTables tables) {
        tables(EventBlock.END, tables);
    }

    @Override
    public void sync(EventContext at, int n) {
        int i = open(at, EventBlock.SYNC, 0, 0, 1);
        block.words[i] = n;
    }

    @Override
    public void goroutine(EventContext at, long goroutine, GoState from, GoState to, int reason, int stack) {
        int i = open(at, EventBlock.GOROUTINE, from.ordinal(), to.ordinal(), 2);
        block.words[i] = goroutine;
        block.words[i + 1] = EventBlock.pair(reason, stack);
    }

    @Override
    public void proc(EventContext at, long proc, ProcState from, ProcState to) {
        int i = open(at, EventBlock.PROC, from.ordinal(), to.ordinal(), 1);
        block.words[i] = proc;
    }

    @Override
    public void rangeBegin(EventContext at, String name, RangeScope scope, long scopeId) {
        range(at, EventBlock.RANGE_BEGIN, name, scope, scopeId);
    }

    @Override
    public void rangeActive(EventContext at, String name, RangeScope scope, long scopeId) {
        range(at, EventBlock.RANGE_ACTIVE, name, scope, scopeId);
    }

    private void range(EventContext at, int kind, String name, RangeScope scope, long scopeId) {
        int i = open(at, kind, scope.ordinal(), 0, 1);
        block.words[i] = scopeId;
        name(name);
    }

    @Override
    public void rangeEnd(EventContext at, String name, RangeScope scope, long scopeId, long swept, long reclaimed) {
        int i = open(at, EventBlock.RANGE_END, scope.ordinal(), 0, 3);
        block.words[i] = scopeId;
        block.words[i + 1] = swept;
        block.words[i + 2] = reclaimed;
        name(name);
    }

    @Override
    public void metric(EventContext at, String name, long value) {
        int i = open(at, EventBlock.METRIC, 0, 0, 1);
        block.words[i] = value;
        name(name);
    }

    @Override
    public void label(EventContext at, long goroutine, int label) {
        int i = open(at, EventBlock.LABEL, 0, 0, 2);
        block.words[i] = goroutine;
        block.words[i + 1] = label;
    }

    @Override
    public void stackSample(EventContext at) {
        open(at, EventBlock.SAMPLE, 0, 0, 0);
    }

    @Override
    public void taskBegin(EventContext at, long task, long parent, int type) {
        task(at, EventBlock.TASK_BEGIN, task, parent, type);
    }

    @Override
    public void taskEnd(EventContext at, long task, long parent, int type) {
        task(at, EventBlock.TASK_END, task, parent, type);
    }

    @Override
    public void regionBegin(EventContext at, long task, int type) {
        task(at, EventBlock.REGION_BEGIN, task, 0, type);
    }

    @Override
    public void regionEnd(EventContext at, long task, int type) {
        task(at, EventBlock.REGION_END, task, 0, type);
    }

    private void task(EventContext at, int kind, long task, long parent, int type) {
        int i = open(at, kind, 0, 0, 3);
        block.words[i] = task;
        block.words[i + 1] = parent;
        block.words[i + 2] = type;
    }

    @Override
    public void log(EventContext at, long task, int category, int message) {
        int i = open(at, EventBlock.LOG, 0, 0, 2);
        block.words[i] = task;
        block.words[i + 1] = EventBlock.pair(category, message);
    }

    @Override
    public void experimental(EventContext at, String experiment, String name, long[] args, int argCount) {
        int i = open(at, EventBlock.EXPERIMENTAL, 0, 0, 1 + argCount);
        block.words[i] = argCount;
        System.arraycopy(args, 0, block.words, i + 1, argCount);
        name(experiment);
        name(name);
    }
}
