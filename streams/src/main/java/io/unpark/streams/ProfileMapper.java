package io.unpark.streams;

import io.unpark.analysis.model.StackProfile;
import io.unpark.schemas.record.ProfileEntry;

/** A {@link StackProfile} as its Avro record; nothing here reads it back. */
public final class ProfileMapper {
    private ProfileMapper() {}

    public static io.unpark.schemas.record.StackProfile toAvro(StackProfile it) {
        return io.unpark.schemas.record.StackProfile.newBuilder()
                .setInstance(PartMapper.toAvro(it.instance()))
                .setCapture(it.capture())
                .setGeneration(it.generation())
                .setStartNs(it.startNs())
                .setEndNs(it.endNs())
                .setEntries(it.entries().stream()
                        .map(e -> new ProfileEntry(
                                e.route(), e.reason(), PartMapper.toAvro(e.stack()), e.count(), e.blockedNs()))
                        .toList())
                .setOtherNs(it.otherNs())
                .setOtherSamples(it.otherSamples())
                .build();
    }
}
