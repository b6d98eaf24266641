package io.unpark.ingest.capture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The agents that ask for work, and those of them that wait for an answer. Not thread-safe: the desk's lock guards it. */
final class AgentRoster {
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final CaptureLimits limits;
    /** By when they asked last, the longest ago first. */
    private final Map<AgentKey, Seen> agents = new LinkedHashMap<>();

    private final AtomicInteger parked = new AtomicInteger();

    private record Seen(long heardNs, CompletableFuture<Optional<Command>> waiting) {}

    AgentRoster(CaptureLimits limits) {
        this.limits = limits;
    }

    /** It asks: it is there, and waits no longer on any other connection. */
    void heard(AgentKey agent, long nowNs) throws CaptureRefusedException {
        forgetOld(nowNs);
        Seen before = agents.remove(agent);
        if (before == null && agents.size() >= limits.maxAgents()) {
            throw CaptureRefusedException.later(
                    CaptureRefusal.TOO_MANY_AGENTS, limits.maxAgents() + " agents ask for work already", RETRY);
        }
        if (before != null) {
            before.waiting.complete(Optional.empty());
        }
        agents.put(agent, new Seen(nowNs, CompletableFuture.completedFuture(Optional.empty())));
    }

    /** Lets an agent wait that was just heard. */
    CompletableFuture<Optional<Command>> park(AgentKey agent, Duration wait, long nowNs)
            throws CaptureRefusedException {
        if (parked.get() >= limits.maxParked()) {
            throw CaptureRefusedException.later(
                    CaptureRefusal.TOO_MANY_AGENTS, limits.maxParked() + " agents wait for work already", RETRY);
        }
        CompletableFuture<Optional<Command>> waiting = new CompletableFuture<>();
        parked.incrementAndGet();
        waiting.whenComplete((command, never) -> parked.decrementAndGet());
        waiting.completeOnTimeout(Optional.empty(), wait.toMillis(), TimeUnit.MILLISECONDS);
        agents.put(agent, new Seen(nowNs, waiting));
        return waiting;
    }

    /** Gives a command to an agent that waits. False: it does not wait just now. */
    boolean give(AgentKey agent, Command command) {
        Seen seen = agents.get(agent);
        return seen != null && seen.waiting.complete(Optional.of(command));
    }

    /** Those that a wish is about, and that asked lately. */
    List<AgentKey> present(CaptureWish wish, long nowNs) {
        List<AgentKey> present = new ArrayList<>();
        agents.forEach((agent, seen) -> {
            if (wish.names(agent) && isPresent(seen, nowNs)) {
                present.add(agent);
            }
        });
        return present;
    }

    int count(long nowNs) {
        return (int)
                agents.values().stream().filter(seen -> isPresent(seen, nowNs)).count();
    }

    /** Nobody waits any more. */
    void release() {
        agents.values().forEach(seen -> seen.waiting.complete(Optional.empty()));
    }

    private boolean isPresent(Seen seen, long nowNs) {
        return nowNs - seen.heardNs <= limits.heardWithin().toNanos();
    }

    private void forgetOld(long nowNs) {
        Iterator<Seen> oldest = agents.values().iterator();
        while (oldest.hasNext() && !isPresent(oldest.next(), nowNs)) {
            oldest.remove();
        }
    }
}
