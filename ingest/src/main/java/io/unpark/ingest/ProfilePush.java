package io.unpark.ingest;

import io.javalin.http.Context;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.trace.pprof.GoProfile;
import io.unpark.trace.pprof.PprofFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Takes a profile that was pushed. */
final class ProfilePush implements IngestRoutes.Push {
    private final ChunkProducer producer;
    private final Decompression.Limits body;
    private final IngestCounters counters;
    private final HeldBytes heldBytes;
    private final LongSupplier nowUnixNs;

    ProfilePush(
            ChunkProducer producer,
            IngestLimits limits,
            IngestCounters counters,
            HeldBytes heldBytes,
            LongSupplier nowUnixNs) {
        this.producer = producer;
        this.body = ProfileIntake.limits(limits.body());
        this.counters = counters;
        this.heldBytes = heldBytes;
        this.nowUnixNs = nowUnixNs;
    }

    @Override
    public Problem take(Context context) throws IOException, RefusedException {
        Instance instance = PushParameters.process(context);
        Optional<GoProfile> asked = type(PushParameters.optional(context, "type"));
        ProfileSnapshot snapshot;
        try (HeldBytes.Push held = heldBytes.begin();
                InputStream plain = held.open(context.bodyInputStream(), body)) {
            snapshot = ProfileIntake.read(plain, instance, asked, nowUnixNs.getAsLong());
            producer.acceptProfiles(List.of(snapshot));
        } catch (HeldBytes.FullException e) {
            return problem(e.refusal(), e.getMessage());
        } catch (PprofFormatException e) {
            return problem(Refusal.of(e.reason()), e.getMessage());
        } catch (DecompressionException e) {
            return problem(Refusal.of(e.reason()), e.getMessage());
        } catch (BrokerException e) {
            return problem(e.away() ? Refusal.BROKER_AWAY : Refusal.BROKER_REFUSED, e.getMessage());
        } catch (IOException e) {
            return problem(Refusal.ofReading(e), "the body could not be read to its end: " + e.getMessage());
        }
        counters.acceptedProfiles(1);
        Map<String, Object> accepted = new LinkedHashMap<>();
        accepted.put("profile", snapshot.getKind());
        accepted.put("instance", instance.getName());
        context.status(202).contentType("application/json").result(Problem.json(Map.of("accepted", accepted)));
        return null;
    }

    private static Optional<GoProfile> type(String name) throws RefusedException {
        Optional<GoProfile> type = GoProfile.named(name);
        if (type.isEmpty() && !name.isEmpty()) {
            throw new RefusedException(
                    Refusal.BAD_PARAMETER, "parameter type must be heap, goroutine or goroutineleak, or left out");
        }
        return type;
    }

    private static Problem problem(Refusal refusal, String detail) {
        return new Problem(refusal, detail, Map.of());
    }
}
