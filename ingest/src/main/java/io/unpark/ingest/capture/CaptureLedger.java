package io.unpark.ingest.capture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The captures of the last hour, and which one each process was asked for last. Not thread-safe: the desk's lock guards it. */
final class CaptureLedger {
    private final CaptureLimits limits;
    /** The oldest first. */
    private final Map<String, Capture> captures = new LinkedHashMap<>();

    private final Map<AgentKey, Share> latest = new HashMap<>();

    CaptureLedger(CaptureLimits limits) {
        this.limits = limits;
    }

    void requireRoom(long nowNs) throws CaptureRefusedException {
        forgetOld(nowNs);
        int open = open(nowNs);
        if (open >= limits.maxOpen()) {
            throw CaptureRefusedException.later(
                    CaptureRefusal.TOO_MANY_CAPTURES, open + " captures are not done yet", limits.takenWithin());
        }
    }

    Capture begin(String id, CaptureWish wish, List<AgentKey> agents, long nowNs) {
        Capture capture = new Capture(id, wish, nowNs);
        for (AgentKey agent : agents) {
            Share share = new Share(capture, agent, limits);
            capture.add(share);
            latest.put(agent, share);
        }
        captures.put(id, capture);
        return capture;
    }

    /** Null when there is none. */
    Capture capture(String id) {
        return captures.get(id);
    }

    /** What a process was asked for last; null when nothing. */
    Share latest(AgentKey agent) {
        return latest.get(agent);
    }

    /** The newest first. */
    List<CaptureReport> reports(long nowNs) {
        List<CaptureReport> reports = new ArrayList<>();
        captures.values().forEach(capture -> reports.add(capture.report(nowNs)));
        Collections.reverse(reports);
        return reports;
    }

    int open(long nowNs) {
        return (int) captures.values().stream()
                .filter(capture -> capture.isOpen(nowNs))
                .count();
    }

    private void forgetOld(long nowNs) {
        Iterator<Capture> oldest = captures.values().iterator();
        while (oldest.hasNext()) {
            Capture capture = oldest.next();
            boolean old = nowNs - capture.askedNs() > limits.remembered().toNanos();
            boolean tooMany = captures.size() >= limits.maxRemembered() && !capture.isOpen(nowNs);
            if (!old && !tooMany) {
                return;
            }
            capture.shares().forEach(share -> latest.remove(share.agent(), share));
            oldest.remove();
        }
    }
}
