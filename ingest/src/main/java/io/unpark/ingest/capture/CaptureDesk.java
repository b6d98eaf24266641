package io.unpark.ingest.capture;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Brings wishes for traces and the agents that ask for work together: one capture of a process at a time, a pause after it, and a record of what
 * came. Thread-safe; everything in it is bounded by {@link CaptureLimits}.
 */
public final class CaptureDesk implements AutoCloseable {
    private final CaptureLimits limits;
    private final LongSupplier nowUnixNs;
    private final SecureRandom random = new SecureRandom();
    private final AgentRoster roster;
    private final CaptureLedger ledger;
    private final PushLog pushes;
    private final Map<CaptureRefusal, Long> refused = new EnumMap<>(CaptureRefusal.class);
    private final Map<CaptureWish.AskedBy, Long> begun = new EnumMap<>(CaptureWish.AskedBy.class);
    private volatile CaptureSource source = CaptureSource.NONE;
    private long generations;
    private boolean closed;

    /** @param nowUnixNs the wall clock, nanoseconds since 1970 UTC */
    public CaptureDesk(CaptureLimits limits, LongSupplier nowUnixNs) {
        this.limits = limits;
        this.nowUnixNs = nowUnixNs;
        this.roster = new AgentRoster(limits);
        this.ledger = new CaptureLedger(limits);
        this.pushes = new PushLog(limits.maxAgents());
    }

    CaptureLimits limits() {
        return limits;
    }

    /** Who else can make traces; agents that ask for work come first. */
    public void use(CaptureSource other) {
        source = other;
    }

    /**
     * Begins a capture.
     *
     * @return which processes are asked; {@link #report} tells how they do
     * @throws CaptureRefusedException when there is nobody to ask, or not now
     */
    public CaptureReport ask(CaptureWish wish) throws CaptureRefusedException {
        CaptureSource with = source;
        List<AgentKey> others = with.instances(wish.namespace(), wish.service(), wish.kind());
        Capture capture;
        CaptureReport report;
        synchronized (this) {
            try {
                capture = begin(wish, others);
                report = capture.report(nowUnixNs.getAsLong());
            } catch (CaptureRefusedException e) {
                refused.merge(e.refusal(), 1L, Long::sum);
                throw e;
            }
        }
        for (Share share : capture.shares()) {
            if (share.takesNoCommand()) {
                with.begin(share.agent(), wish.kind(), wish.seconds(), new ShareOutcome(this, share));
            }
        }
        return report;
    }

    /** The wish for this instance if that could be asked now, else as it is. */
    CaptureWish preferring(CaptureWish wish, String instance) {
        AgentKey agent = new AgentKey(wish.namespace(), wish.service(), instance);
        boolean known =
                source.instances(wish.namespace(), wish.service(), wish.kind()).contains(agent);
        synchronized (this) {
            long nowNs = nowUnixNs.getAsLong();
            boolean there = known || roster.present(wish, nowNs).contains(agent);
            return there && Choice.isFree(ledger.latest(agent), nowNs) ? wish.of(instance) : wish;
        }
    }

    private Capture begin(CaptureWish wish, List<AgentKey> others) throws CaptureRefusedException {
        long nowNs = nowUnixNs.getAsLong();
        ledger.requireRoom(nowNs);
        Set<AgentKey> polling = new LinkedHashSet<>();
        if (wish.kind() == CaptureKind.TRACE) {
            polling.addAll(roster.present(wish, nowNs)); // agents make nothing else
        }
        Set<AgentKey> known = new LinkedHashSet<>(polling);
        others.stream().filter(wish::names).forEach(known::add);
        if (known.isEmpty()) {
            throw CaptureRefusedException.of(CaptureRefusal.NO_AGENT, nobody(wish, nowNs));
        }
        List<AgentKey> chosen = Choice.of(known, wish.agents(), ledger, nowNs);
        Capture capture = ledger.begin(newId(), wish, chosen, nowNs);
        begun.merge(wish.askedBy(), 1L, Long::sum);
        for (Share share : capture.shares()) {
            if (!polling.contains(share.agent())) {
                share.madeHere(nowNs);
            } else if (roster.give(share.agent(), capture.command())) {
                share.sent();
            }
        }
        return capture;
    }

    private String nobody(CaptureWish wish, long nowNs) {
        long seconds = limits.heardWithin().toSeconds();
        String who = wish.instance()
                .map(it -> "instance " + it + " of " + wish.service())
                .orElse(wish.service());
        if (wish.kind() != CaptureKind.TRACE) {
            return who + " is no target of this collector's scrapes, which profiles are fetched from";
        }
        long pushing = pushes.pushing(wish, nowNs - limits.heardWithin().toNanos());
        String why = "no agent of " + who + " has asked for work within " + seconds + " s";
        return pushing == 0
                ? why + ", and none has sent a trace"
                : why + "; " + pushing
                        + (pushing == 1 ? " instance has" : " instances have")
                        + " sent traces: an agent asks for work in the mode Triggered only";
    }

    /**
     * An agent asks for work.
     *
     * @param wait how long it would wait; {@link CaptureLimits#longestWait} at most
     * @param answer to the command that it was given last
     * @return completed with a command, or with nothing when the time is over; from any thread
     * @throws CaptureRefusedException when there are too many agents
     */
    CompletableFuture<Optional<Command>> poll(AgentKey agent, Duration wait, Optional<AgentAnswer> answer)
            throws CaptureRefusedException {
        synchronized (this) {
            long nowNs = nowUnixNs.getAsLong();
            answer.ifPresent(it -> answered(agent, it, nowNs));
            roster.heard(agent, nowNs);
            Share share = ledger.latest(agent);
            Command command = share == null ? null : share.toSend(nowNs);
            if (command != null) {
                share.sent();
                return CompletableFuture.completedFuture(Optional.of(command));
            }
            Duration limited = wait.compareTo(limits.longestWait()) > 0 ? limits.longestWait() : wait;
            return closed ? CompletableFuture.completedFuture(Optional.empty()) : roster.park(agent, limited, nowNs);
        }
    }

    private void answered(AgentKey agent, AgentAnswer answer, long nowNs) {
        Capture capture = ledger.capture(answer.id());
        Share share = capture == null ? null : capture.of(agent);
        if (share == null) {
            return; // forgotten, or made up
        }
        if (answer.refusal().isEmpty()) {
            share.taken(nowNs);
        } else {
            share.refused(answer.refusal());
        }
    }

    /**
     * A trace was accepted.
     *
     * @param captureId the capture that the push says it belongs to; empty for none
     * @param droppedSoFar generations that its agent dropped since it began
     */
    void pushed(AgentKey instance, String captureId, long droppedSoFar, Accepted accepted) {
        synchronized (this) {
            long nowNs = nowUnixNs.getAsLong();
            pushes.pushed(instance, droppedSoFar, nowNs);
            Capture capture = captureId.isEmpty() ? null : ledger.capture(captureId);
            Share share = capture == null ? null : capture.of(instance);
            if (share != null) {
                arrived(share, accepted);
            }
        }
    }

    synchronized void arrived(Share share, Accepted accepted) {
        share.arrived(accepted, nowUnixNs.getAsLong());
        generations += accepted.generations();
    }

    synchronized void failed(Share share, String why) {
        share.refused(why);
    }

    /** What became of a capture; empty when it is not known, or no longer. */
    public synchronized Optional<CaptureReport> report(String id) {
        return Optional.ofNullable(ledger.capture(id)).map(capture -> capture.report(nowUnixNs.getAsLong()));
    }

    /** The captures that are still known, the newest first. */
    public synchronized List<CaptureReport> reports() {
        return new ArrayList<>(ledger.reports(nowUnixNs.getAsLong()));
    }

    public synchronized CaptureStatus status() {
        long nowNs = nowUnixNs.getAsLong();
        Map<String, Long> byReason = new TreeMap<>();
        refused.forEach((reason, count) -> byReason.put(reason.key(), count));
        return new CaptureStatus(
                roster.count(nowNs),
                ledger.open(nowNs),
                begun.getOrDefault(CaptureWish.AskedBy.OPERATOR, 0L),
                begun.getOrDefault(CaptureWish.AskedBy.ANOMALY, 0L),
                generations,
                pushes.dropped(),
                byReason);
    }

    /** Whoever waits is answered, so that the server can stop. */
    @Override
    public synchronized void close() {
        closed = true;
        roster.release();
    }

    /** Not to be guessed: whoever knows it may look at the capture. */
    private String newId() {
        byte[] id = new byte[8];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}
