package io.unpark.ingest.capture;

/** One process's part of a capture. Not thread-safe: the desk's lock guards it. */
final class Share {
    /** The answer may have gone to a connection that was dead; more often than this it is something else. */
    private static final int MAX_SENT = 3;

    /** Its time is counted from the answer, which comes with the agent's next question. */
    private static final long SLACK_NS = 1_000_000_000L;

    private final Capture capture;
    private final AgentKey agent;
    private final CaptureLimits limits;
    private boolean madeHere;
    private int sent;
    private long takenNs;
    private long lastArrivalNs;
    private String refusal = "";
    private String traceCapture = "";
    private long generations;
    private long bytes;

    Share(Capture capture, AgentKey agent, CaptureLimits limits) {
        this.capture = capture;
        this.agent = agent;
        this.limits = limits;
    }

    AgentKey agent() {
        return agent;
    }

    String captureId() {
        return capture.id();
    }

    long askedNs() {
        return capture.askedNs();
    }

    /** There is no agent to tell: the collector makes the trace. */
    void madeHere(long nowNs) {
        madeHere = true;
        takenNs = nowNs;
    }

    boolean takesNoCommand() {
        return madeHere;
    }

    /** What its agent is to be told; null when it was told, or nothing is wanted any more. */
    Command toSend(long nowNs) {
        ShareState state = state(nowNs);
        boolean open = state == ShareState.ASKED || state == ShareState.SENT;
        return open && sent < MAX_SENT ? capture.command() : null;
    }

    void sent() {
        sent++;
    }

    void taken(long nowNs) {
        if (takenNs == 0) {
            takenNs = nowNs;
        }
    }

    void refused(String why) {
        refusal = why;
    }

    void arrived(Accepted accepted, long nowNs) {
        taken(nowNs);
        lastArrivalNs = nowNs;
        generations += accepted.generations();
        bytes += accepted.bytes();
        traceCapture = accepted.traceCapture();
    }

    ShareState state(long nowNs) {
        if (!refusal.isEmpty()) {
            return ShareState.REFUSED;
        }
        if (takenNs == 0) {
            if (nowNs - capture.askedNs() > limits.takenWithin().toNanos()) {
                return ShareState.EXPIRED;
            }
            return sent == 0 ? ShareState.ASKED : ShareState.SENT;
        }
        long endNs = endNs();
        if (generations == 0) {
            return nowNs > endNs + limits.silentAfter().toNanos() ? ShareState.SILENT : ShareState.TAKEN;
        }
        boolean quiet = nowNs > lastArrivalNs + limits.settle().toNanos();
        return quiet && nowNs > endNs ? ShareState.ARRIVED : ShareState.ARRIVING;
    }

    /** When the next capture of this process may begin; what gave nothing holds up nothing. */
    long freeNs(long nowNs) {
        boolean worked = takenNs != 0 && refusal.isEmpty();
        return worked ? endNs() + limits.cooldown().toNanos() : nowNs;
    }

    private long endNs() {
        return takenNs + capture.seconds() * 1_000_000_000L + SLACK_NS;
    }

    ShareReport report(long nowNs) {
        ShareState state = state(nowNs);
        return new ShareReport(agent.instance(), state, detail(state), generations, bytes, traceCapture);
    }

    private String detail(ShareState state) {
        return switch (state) {
            case REFUSED -> madeHere ? refusal : "the agent does not: " + refusal;
            case EXPIRED ->
                sent == 0 ? "the agent did not ask for work in time" : "the agent was told and never answered";
            case SILENT -> "the agent has begun, and nothing arrived";
            case ASKED, SENT, TAKEN, ARRIVING, ARRIVED -> "";
        };
    }
}
