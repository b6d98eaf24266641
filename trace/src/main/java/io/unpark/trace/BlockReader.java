package io.unpark.trace;

/** Tells a visitor what a block holds: its context is the event at hand, as a decoder's own would be. */
final class BlockReader implements EventContext {
    private static final GoState[] GO_STATES = GoState.values();
    private static final ProcState[] PROC_STATES = ProcState.values();
    private static final RangeScope[] SCOPES = RangeScope.values();

    private final long[] args = new long[WireEvent.MAX_ARGS];
    private Object[] names;
    private int nextName;
    private long timeNs;
    private long m;
    private long p;
    private long g;
    private int stack;

    void tell(EventBlock block, EventVisitor visitor) {
        names = block.names;
        nextName = 0;
        int i = 0;
        while (i < block.wordCount) {
            i = tell(block.words, i, visitor);
        }
        names = null;
    }

    /** Tells the event that begins there; where the next one begins. */
    private int tell(long[] words, int begin, EventVisitor visitor) {
        long head = words[begin];
        stack = EventBlock.stack(head);
        timeNs = words[begin + 1];
        g = words[begin + 2];
        m = words[begin + 3];
        p = words[begin + 4];
        int i = begin + EventBlock.CONTEXT_WORDS;
        if (EventBlock.kind(head) != EventBlock.GOROUTINE) {
            return i + rare(words, i, head, visitor);
        }
        long ids = words[i + 1];
        GoState from = GO_STATES[EventBlock.from(head)];
        GoState to = GO_STATES[EventBlock.to(head)];
        visitor.goroutine(this, words[i], from, to, EventBlock.high(ids), EventBlock.low(ids));
        return i + 2;
    }

    /** Any event but the usual one; how many words its arguments are. */
    private int rare(long[] words, int i, long head, EventVisitor visitor) {
        int kind = EventBlock.kind(head);
        switch (kind) {
            case EventBlock.BEGIN -> visitor.generationBegin((GenerationTables) name());
            case EventBlock.END -> visitor.generationEnd((GenerationTables) name());
            case EventBlock.SYNC -> visitor.sync(this, (int) words[i]);
            case EventBlock.PROC ->
                visitor.proc(this, words[i], PROC_STATES[EventBlock.from(head)], PROC_STATES[EventBlock.to(head)]);
            case EventBlock.RANGE_BEGIN -> visitor.rangeBegin(this, text(), scope(head), words[i]);
            case EventBlock.RANGE_ACTIVE -> visitor.rangeActive(this, text(), scope(head), words[i]);
            case EventBlock.RANGE_END ->
                visitor.rangeEnd(this, text(), scope(head), words[i], words[i + 1], words[i + 2]);
            case EventBlock.METRIC -> visitor.metric(this, text(), words[i]);
            case EventBlock.LABEL -> visitor.label(this, words[i], (int) words[i + 1]);
            case EventBlock.SAMPLE -> visitor.stackSample(this);
            case EventBlock.TASK_BEGIN -> visitor.taskBegin(this, words[i], words[i + 1], (int) words[i + 2]);
            case EventBlock.TASK_END -> visitor.taskEnd(this, words[i], words[i + 1], (int) words[i + 2]);
            case EventBlock.REGION_BEGIN -> visitor.regionBegin(this, words[i], (int) words[i + 2]);
            case EventBlock.REGION_END -> visitor.regionEnd(this, words[i], (int) words[i + 2]);
            case EventBlock.LOG ->
                visitor.log(this, words[i], EventBlock.high(words[i + 1]), EventBlock.low(words[i + 1]));
            case EventBlock.EXPERIMENTAL -> experimental(words, i, visitor);
            default -> throw new IllegalStateException("event of kind " + kind);
        }
        return argumentWords(kind, words, i);
    }

    private static int argumentWords(int kind, long[] words, int i) {
        return switch (kind) {
            case EventBlock.BEGIN, EventBlock.END, EventBlock.SAMPLE -> 0;
            case EventBlock.LABEL, EventBlock.LOG -> 2;
            case EventBlock.RANGE_END,
                    EventBlock.TASK_BEGIN,
                    EventBlock.TASK_END,
                    EventBlock.REGION_BEGIN,
                    EventBlock.REGION_END -> 3;
            case EventBlock.EXPERIMENTAL -> 1 + (int) words[i];
            default -> 1;
        };
    }

    private void experimental(long[] words, int i, EventVisitor visitor) {
        int count = (int) words[i];
        System.arraycopy(words, i + 1, args, 0, count);
        visitor.experimental(this, text(), text(), args, count);
    }

    private Object name() {
        return names[nextName++];
    }

    private String text() {
        return (String) name();
    }

    private static RangeScope scope(long head) {
        return SCOPES[EventBlock.from(head)];
    }

    @Override
    public long timeNs() {
        return timeNs;
    }

    @Override
    public long m() {
        return m;
    }

    @Override
    public long p() {
        return p;
    }

    @Override
    public long g() {
        return g;
    }

    @Override
    public int stack() {
        return stack;
    }
}
