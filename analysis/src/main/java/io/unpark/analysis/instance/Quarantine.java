package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.fault.DetectorFaults;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Which detectors are left out of one instance's judgements for a while because they failed. It depends on the generations
 * taken and on nothing else, neither a clock nor a count of this process, and is part of the instance's state: so that
 * {@code analyze}, the pipeline, and the pipeline after a crash leave out the same judgements.
 *
 * <p>A detector that failed is asked again at the next generation. Failing once more, it is left out of 1 generation, then of 3,
 * 7 and so on, at most {@value #MAX_PAUSE}; one generation that goes well forgives all.
 */
final class Quarantine {
    /** A request may be odd by itself: only so many failures in one generation make its detector suspect. */
    static final int MAX_REQUESTS_FAILED = 3;

    static final int MAX_PAUSE = 63;

    private static final String PAGE = "quarantine";

    private final DetectorFaults faults;

    /** Detectors whose latest generation failed. */
    private final TreeMap<String, Term> terms = new TreeMap<>();

    /** Of the generation at hand: how each detector did that was asked. */
    private final Map<String, Attempts> attempts = new TreeMap<>();

    private record Attempts(int failed, int max) {}

    /**
     * @param failedInRow generations, from 1
     * @param pause generations to be left out of, from 0
     */
    private record Term(int failedInRow, int pause) {
        static Term after(int failedInRow) {
            return new Term(failedInRow, failedInRow >= 7 ? MAX_PAUSE : (1 << failedInRow - 1) - 1);
        }
    }

    Quarantine(DetectorFaults faults) {
        this.faults = faults;
    }

    /** Asks a detector unless it is left out; empty when it is, or when it fails. */
    <T> Optional<T> ask(String detector, int maxFailures, Supplier<T> judgement) {
        Term term = terms.get(detector);
        boolean paused = term != null && term.pause() > 0;
        int failed =
                attempts.getOrDefault(detector, new Attempts(0, maxFailures)).failed();
        if (paused || failed >= maxFailures) {
            faults.skipped(detector);
            return Optional.empty();
        }
        Optional<T> answer = faults.guard(detector, judgement);
        attempts.put(detector, new Attempts(answer.isPresent() ? failed : failed + 1, maxFailures));
        return answer;
    }

    /** A generation is judged. */
    void end() {
        terms.replaceAll((detector, term) -> new Term(term.failedInRow(), Math.max(0, term.pause() - 1)));
        attempts.forEach((detector, tried) -> {
            if (tried.failed() >= tried.max()) {
                Term before = terms.get(detector);
                terms.put(detector, Term.after(before == null ? 1 : before.failedInRow() + 1));
            } else {
                terms.remove(detector);
            }
        });
        attempts.clear();
    }

    void write(PageBook pages) {
        terms.forEach((detector, term) -> {
            BinaryWriter out = pages.page(PAGE, 0);
            out.writeText(detector);
            out.writeUnsigned(term.failedInRow());
            out.writeUnsigned(term.pause());
        });
    }

    void read(StateCodec.Pages pages) {
        pages.each(PAGE, this::readTerm);
    }

    private void readTerm(BinaryReader in) {
        terms.put(in.readText(), new Term((int) in.readUnsigned(), (int) in.readUnsigned()));
    }
}
