package io.unpark.sink.consume;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.ProfileEntry;
import io.unpark.schemas.record.StackProfile;
import io.unpark.sink.store.ProfileRow;
import io.unpark.sink.store.stacks.StackSums;
import java.util.List;

/** Profiles to rows. */
final class ProfileRows {
    /** As many as a record has at most, by its schema. */
    private static final int ENTRIES_MAX = io.unpark.analysis.model.StackProfile.MAX_ENTRIES;

    private ProfileRows() {}

    static ProfileRow of(StackProfile profile, long arrivedMs) throws BadRecordException {
        Instance instance = WindowRows.checked(profile.getInstance());
        StackSums sums = new StackSums();
        for (ProfileEntry entry : profile.getEntries()) {
            sums.entry(
                    entry.getRoute(),
                    entry.getReason(),
                    stack(entry.getStack()),
                    Math.max(0, entry.getCount()),
                    Math.max(0, entry.getBlockedNs()));
        }
        sums.rest(
                Math.max(0, profile.getEndNs() - profile.getStartNs()),
                Math.max(0, profile.getOtherNs()),
                Math.max(0, profile.getOtherSamples()));
        return new ProfileRow(
                WindowRows.id(instance, profile.getCapture(), profile.getGeneration(), ""),
                instance.getNamespace(),
                instance.getService(),
                TextLimits.name("version", instance.getVersion()),
                profile.getEndNs(),
                arrivedMs,
                sums.document(ENTRIES_MAX));
    }

    private static Stack stack(List<io.unpark.schemas.record.Frame> frames) {
        return new Stack(frames.stream()
                .map(it -> new Frame(it.getFunction(), it.getFile(), it.getLine()))
                .toList());
    }
}
