package io.unpark.ingest.capture;

import java.util.ArrayList;
import java.util.List;

/** A wish that was granted, and what its processes do. Not thread-safe: the desk's lock guards it. */
final class Capture {
    private final String id;
    private final CaptureWish wish;
    private final long askedNs;
    private final List<Share> shares = new ArrayList<>();

    Capture(String id, CaptureWish wish, long askedNs) {
        this.id = id;
        this.wish = wish;
        this.askedNs = askedNs;
    }

    String id() {
        return id;
    }

    long askedNs() {
        return askedNs;
    }

    int seconds() {
        return wish.seconds();
    }

    Command command() {
        return new Command(id, wish.seconds(), wish.reason());
    }

    void add(Share share) {
        shares.add(share);
    }

    List<Share> shares() {
        return shares;
    }

    /** Null when it was never asked. */
    Share of(AgentKey agent) {
        return shares.stream()
                .filter(share -> share.agent().equals(agent))
                .findFirst()
                .orElse(null);
    }

    boolean isOpen(long nowNs) {
        return shares.stream().anyMatch(share -> share.state(nowNs).isOpen());
    }

    CaptureReport report(long nowNs) {
        List<ShareReport> agents =
                shares.stream().map(share -> share.report(nowNs)).toList();
        return new CaptureReport(id, wish, askedNs, isOpen(nowNs), agents);
    }
}
