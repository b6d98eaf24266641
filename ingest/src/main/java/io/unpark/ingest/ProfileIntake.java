package io.unpark.ingest;

import io.unpark.schemas.InstanceKey;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.trace.pprof.GoProfile;
import io.unpark.trace.pprof.PprofFormatException;
import io.unpark.trace.pprof.PprofFormatException.Reason;
import io.unpark.trace.pprof.PprofLimits;
import io.unpark.trace.pprof.PprofProfile;
import io.unpark.trace.pprof.PprofReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * Makes a record of a profile that was pushed, scraped or found in a file. It is read whole at the door, so that whoever sends something else
 * is told so; what travels are its bytes.
 */
public final class ProfileIntake {
    /** A clock that is further ahead than this is not believed: its profile would stay the newest for as long. */
    private static final long MAX_AHEAD_NS = 3_600_000_000_000L;

    private ProfileIntake() {}

    /** As those of any body, and not beyond the largest profile. */
    static Decompression.Limits limits(Decompression.Limits body) {
        long most = PprofLimits.DEFAULT.maxBytes();
        return new Decompression.Limits(
                Math.min(body.maxInputBytes(), most), Math.min(body.maxOutputBytes(), most), body.maxRatio());
    }

    /**
     * Reads a profile to its end.
     *
     * @param plain decompressed, see {@link Decompression}
     * @param asked what it is said to be; empty when its content may tell
     * @param acceptedUnixNs wall clock, nanoseconds since 1970 UTC
     * @throws PprofFormatException when it is no profile, another one than asked, or too large
     */
    public static ProfileSnapshot read(
            InputStream plain, Instance instance, Optional<GoProfile> asked, long acceptedUnixNs) throws IOException {
        return read(plain, instance, asked, acceptedUnixNs, acceptedUnixNs + MAX_AHEAD_NS);
    }

    /**
     * As the other, of a file, whose own time says little: what the profile says of its time is believed.
     *
     * @param madeUnixNs for a profile that does not say when it was taken
     */
    public static ProfileSnapshot readFile(InputStream plain, Instance instance, long madeUnixNs) throws IOException {
        return read(plain, instance, Optional.empty(), madeUnixNs, Long.MAX_VALUE);
    }

    private static ProfileSnapshot read(
            InputStream plain, Instance instance, Optional<GoProfile> asked, long acceptedUnixNs, long believedUntilNs)
            throws IOException {
        byte[] bytes = plain.readNBytes(PprofLimits.DEFAULT.maxBytes() + 1);
        PprofProfile profile = PprofReader.read(bytes, PprofLimits.DEFAULT);
        GoProfile kind = GoProfile.of(profile)
                .orElseThrow(() -> refused("this is a profile of "
                        + profile.sampleTypes().get(0).type() + "; judged are heap, goroutine and goroutineleak"));
        if (asked.isPresent() && asked.get() != kind) {
            throw refused("this is a profile of " + kind.id() + ", not of "
                    + asked.get().id());
        }
        byte[] compressed = gzip(bytes);
        if (compressed.length > Topics.MAX_PROFILE_BYTES) {
            throw new PprofFormatException(
                    Reason.LIMIT,
                    -1,
                    compressed.length + " bytes in gzip, at most " + Topics.MAX_PROFILE_BYTES + " are taken");
        }
        long takenNs = profile.timeNanos();
        boolean believed = takenNs > 0 && takenNs <= believedUntilNs;
        return ProfileSnapshot.newBuilder()
                .setId(id(instance, bytes))
                .setInstance(instance)
                .setKind(kind.id())
                .setTakenUnixNs(believed ? takenNs : acceptedUnixNs)
                .setCapturedUnixNs(acceptedUnixNs)
                .setBytes(ByteBuffer.wrap(compressed))
                .build();
    }

    private static PprofFormatException refused(String why) {
        return new PprofFormatException(Reason.NOT_A_PROFILE, -1, why);
    }

    private static String id(Instance instance, byte[] bytes) {
        MessageDigest digest = ContentHash.start();
        digest.update((InstanceKey.of(instance).encode() + "\n").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
        return ContentHash.id(digest);
    }

    /** Again, since it may have come plain or in another compression: the limit of the record is that of this form. */
    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 3 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out, 64 << 10)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }
}
