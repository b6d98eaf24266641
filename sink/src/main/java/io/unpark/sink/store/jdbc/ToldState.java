package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.AnomalyFacts;
import io.unpark.sink.store.NoticeChange;
import io.unpark.sink.store.NoticeVerdict;
import java.util.List;
import java.util.Optional;

/**
 * What a receiver was told of an anomaly, and what follows from how it is now.
 *
 * @param severity the highest since it opened
 * @param sinceMs when it was told that it is open, milliseconds since 1970 UTC
 * @param version counts the changes
 */
record ToldState(State state, String severity, long sinceMs, long version) {
    /** Of an anomaly, for a receiver. One that was never spoken of has none. */
    enum State {
        OPEN,
        RESOLVED,
        /** Open, but not told: somebody asked for silence. */
        SILENCED
    }

    /**
     * A step to another state.
     *
     * @param next empty when the anomaly is as good as never spoken of
     * @param notice what to say; nothing when the step is a silent one
     */
    record Step(Optional<ToldState> next, Optional<NoticeChange> notice) {}

    private static final List<String> SEVERITIES = List.of("info", "warning", "critical");

    /**
     * What to do for an anomaly; empty when nothing changes.
     *
     * @param mayEnd false while input may be unread that shows that it goes on
     */
    static Optional<Step> step(
            Optional<ToldState> told, AnomalyFacts anomaly, NoticeVerdict verdict, boolean mayEnd, long nowMs) {
        if (told.isEmpty()) {
            return opened(Optional.empty(), NoticeChange.OPENED, anomaly, verdict, nowMs);
        }
        ToldState was = told.get();
        if (was.state != State.RESOLVED && !anomaly.open()) {
            return mayEnd ? Optional.of(was.ended()) : Optional.empty();
        }
        return switch (was.state) {
            case RESOLVED -> opened(told, NoticeChange.REOPENED, anomaly, verdict, nowMs);
            case SILENCED ->
                verdict == NoticeVerdict.SILENCE
                        ? Optional.empty()
                        : opened(told, NoticeChange.OPENED, anomaly, verdict, nowMs);
            case OPEN -> was.raised(anomaly, verdict);
        };
    }

    private Step ended() {
        return state == State.SILENCED ? new Step(Optional.empty(), Optional.empty()) : resolved();
    }

    private static Optional<Step> opened(
            Optional<ToldState> told, NoticeChange change, AnomalyFacts anomaly, NoticeVerdict verdict, long nowMs) {
        if (!anomaly.open()) {
            return Optional.empty();
        }
        long version = told.map(ToldState::version).orElse(0L) + 1;
        return switch (verdict) {
            case TELL ->
                Optional.of(new Step(
                        Optional.of(new ToldState(State.OPEN, anomaly.severity(), nowMs, version)),
                        Optional.of(change)));
            case SILENCE ->
                Optional.of(new Step(
                        Optional.of(new ToldState(State.SILENCED, anomaly.severity(), nowMs, version)),
                        Optional.empty()));
            case IGNORE -> Optional.empty();
        };
    }

    /** A severity that falls and rises again is no news: only what is above all that was told is. */
    private Optional<Step> raised(AnomalyFacts anomaly, NoticeVerdict verdict) {
        if (verdict != NoticeVerdict.TELL || SEVERITIES.indexOf(anomaly.severity()) <= SEVERITIES.indexOf(severity)) {
            return Optional.empty();
        }
        return Optional.of(new Step(
                Optional.of(new ToldState(State.OPEN, anomaly.severity(), sinceMs, version + 1)),
                Optional.of(NoticeChange.SEVERITY_RAISED)));
    }

    /** Whoever heard of the beginning hears of the end, whatever silences and filters say by now. */
    Step resolved() {
        return new Step(
                Optional.of(new ToldState(State.RESOLVED, severity, sinceMs, version + 1)),
                Optional.of(NoticeChange.RESOLVED));
    }
}
