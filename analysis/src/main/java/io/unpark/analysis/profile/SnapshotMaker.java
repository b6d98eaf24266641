package io.unpark.analysis.profile;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import io.unpark.trace.pprof.GoProfile;
import io.unpark.trace.pprof.PprofFrame;
import io.unpark.trace.pprof.PprofProfile;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A profile to its largest sites. */
final class SnapshotMaker {
    private static final int MAX_STACK_LINES = 12;
    private static final int MAX_LINE_CHARS = 160;
    private static final int MAX_NAME_CHARS = 500;

    /** Frames looked at: beyond, nobody's line is any more. */
    private static final int MAX_FRAMES = 256;

    private final UserCode userCode;
    private final boolean goroutines;
    private final Map<String, Sum> byKey = new HashMap<>();

    private SnapshotMaker(UserCode userCode, boolean goroutines) {
        this.userCode = userCode;
        this.goroutines = goroutines;
    }

    /** Of the largest stack of a site, and all of its stacks together. */
    private static final class Sum {
        private Site site;
        private long largest;
        private long total;
    }

    /** @param profile of this kind, see {@link GoProfile#of} */
    static Snapshot of(PprofProfile profile, GoProfile kind, UserCode userCode, long takenNs, String id, String input) {
        SnapshotMaker maker = new SnapshotMaker(userCode, kind != GoProfile.HEAP);
        int value = profile.valueOf(kind.valueType());
        for (PprofProfile.Sample sample : profile.samples()) {
            long amount = sample.values().get(value);
            if (amount > 0) {
                maker.add(sample, amount);
            }
        }
        List<Snapshot.Row> rows = maker.byKey.values().stream()
                .map(sum -> new Snapshot.Row(sum.site, sum.total))
                .sorted(Comparator.comparingLong((Snapshot.Row row) -> -row.value())
                        .thenComparing(row -> row.site().key()))
                .toList();
        boolean all = rows.size() <= Snapshot.MAX_ROWS;
        long cutoff = all ? 0 : rows.get(Snapshot.MAX_ROWS).value();
        return new Snapshot(kind, takenNs, id, input, all ? rows : rows.subList(0, Snapshot.MAX_ROWS), cutoff);
    }

    private void add(PprofProfile.Sample sample, long amount) {
        Stack stack = new Stack(sample.frames().stream()
                .limit(MAX_FRAMES)
                .map(SnapshotMaker::frame)
                .toList());
        Optional<Frame> line = userCode.line(stack)
                .or(() -> stack.frames().stream()
                        .filter(frame -> !frame.function().startsWith("runtime."))
                        .findFirst());
        if (line.isEmpty()) {
            return; // the runtime's own
        }
        Site site = site(line.get(), stack);
        Sum sum = byKey.computeIfAbsent(site.key(), key -> new Sum());
        sum.total = saturated(sum.total, amount);
        if (sum.site == null
                || amount > sum.largest
                || amount == sum.largest && site.toString().compareTo(sum.site.toString()) < 0) {
            sum.site = site;
            sum.largest = amount;
        }
    }

    /** A hostile profile must not make a sum negative. */
    private static long saturated(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    private Site site(Frame line, Stack stack) {
        List<String> shown = stack.display().stream()
                .limit(MAX_STACK_LINES)
                .map(it -> cut(it, MAX_LINE_CHARS))
                .toList();
        String start = stack.frames().get(stack.frames().size() - 1).function();
        return new Site(
                line.function(),
                line.file(),
                line.line(),
                goroutines ? Creations.guess(stack, userCode) : "",
                goroutines ? start : "",
                goroutines ? Waits.reason(stack) : "",
                shown);
    }

    private static Frame frame(PprofFrame it) {
        return new Frame(cut(it.function(), MAX_NAME_CHARS), cut(it.file(), MAX_NAME_CHARS), it.line());
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
