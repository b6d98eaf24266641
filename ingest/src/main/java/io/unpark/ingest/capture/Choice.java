package io.unpark.ingest.capture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Which processes of a service are asked: those that are free, the one that was asked longest ago first. */
final class Choice {
    private Choice() {}

    /** @throws CaptureRefusedException when none is free */
    static List<AgentKey> of(Collection<AgentKey> known, int most, CaptureLedger ledger, long nowNs)
            throws CaptureRefusedException {
        List<AgentKey> free = new ArrayList<>();
        Share running = null;
        long soonestNs = Long.MAX_VALUE;
        for (AgentKey agent : known) {
            Share last = ledger.latest(agent);
            if (isFree(last, nowNs)) {
                free.add(agent);
            } else if (last.state(nowNs).isOpen()) {
                running = last;
            } else {
                soonestNs = Math.min(soonestNs, last.freeNs(nowNs));
            }
        }
        if (free.isEmpty()) {
            throw running != null ? busy(running) : cooling(soonestNs - nowNs);
        }
        free.sort(Comparator.<AgentKey>comparingLong(agent -> askedNs(ledger.latest(agent)))
                .thenComparing(AgentKey::instance));
        return free.subList(0, Math.min(most, free.size()));
    }

    static boolean isFree(Share last, long nowNs) {
        return last == null || !last.state(nowNs).isOpen() && last.freeNs(nowNs) <= nowNs;
    }

    private static long askedNs(Share last) {
        return last == null ? Long.MIN_VALUE : last.askedNs();
    }

    private static CaptureRefusedException busy(Share running) {
        return CaptureRefusedException.running(
                running.captureId(),
                "a capture of " + running.agent().instance() + " is being made: " + running.captureId());
    }

    private static CaptureRefusedException cooling(long leftNs) {
        Duration left = Duration.ofSeconds(leftNs / 1_000_000_000L + 1);
        return CaptureRefusedException.later(
                CaptureRefusal.COOLING_DOWN,
                "the last capture was a moment ago; again in " + left.toSeconds() + " s",
                left);
    }
}
