package io.unpark.ingest;

import io.javalin.http.Context;
import io.unpark.ingest.capture.Accepted;
import io.unpark.ingest.capture.AgentKey;
import io.unpark.ingest.capture.CaptureRoutes;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceHeader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.SequenceInputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Takes a trace that was pushed. */
final class TracePush implements IngestRoutes.Push {
    private final ChunkProducer producer;
    private final IngestLimits limits;
    private final IngestCounters counters;
    private final CaptureRoutes captures;
    private final LongSupplier nowUnixNs;
    private final DeadLetters deadLetters;
    private final HeldBytes heldBytes;

    TracePush(
            ChunkProducer producer,
            IngestLimits limits,
            IngestCounters counters,
            CaptureRoutes captures,
            HeldBytes heldBytes,
            LongSupplier nowUnixNs) {
        this.producer = producer;
        this.limits = limits;
        this.counters = counters;
        this.captures = captures;
        this.heldBytes = heldBytes;
        this.nowUnixNs = nowUnixNs;
        this.deadLetters = new DeadLetters(producer, limits, counters);
    }

    @Override
    public Problem take(Context context) throws IOException, RefusedException {
        TraceSource source = PushParameters.traceSource(context, nowUnixNs);
        HeldBytes.Push held = heldBytes.begin();
        TraceIntake intake = new TraceIntake(source, limits.trace(), held.releasing(producer));
        try (held;
                InputStream plain = held.open(context.bodyInputStream(), limits.body())) {
            take(source, intake, plain);
        } catch (HeldBytes.FullException e) {
            return problem(intake, e.refusal(), e.getMessage());
        } catch (TraceFormatException e) {
            return problem(intake, Refusal.of(e.reason()), e.getMessage());
        } catch (DecompressionException e) {
            return problem(intake, Refusal.of(e.reason()), e.getMessage());
        } catch (BrokerException e) {
            return problem(intake, e.away() ? Refusal.BROKER_AWAY : Refusal.BROKER_REFUSED, e.getMessage());
        } catch (IOException e) {
            return problem(intake, Refusal.ofReading(e), "the body could not be read to its end: " + e.getMessage());
        } finally {
            counters.accepted(intake.progress());
            tellCaptures(context, source, intake.progress());
        }
        context.status(202)
                .contentType("application/json")
                .result(Problem.json(Map.of("accepted", accepted(intake.progress()))));
        return null;
    }

    private void tellCaptures(Context context, TraceSource source, IntakeProgress progress) {
        AgentKey instance = new AgentKey(source.namespace(), source.service(), progress.instance());
        captures.pushed(context, instance, new Accepted(progress.generations(), progress.bytes(), progress.capture()));
    }

    private void take(TraceSource source, TraceIntake intake, InputStream plain) throws IOException {
        byte[] header = plain.readNBytes(TraceHeader.LENGTH);
        PushbackInputStream whole = new PushbackInputStream(plain, TraceHeader.LENGTH);
        whole.unread(header);
        try {
            intake.run(whole);
        } catch (TraceFormatException e) {
            if (e.reason() != TraceFormatException.Reason.UNKNOWN_VERSION) {
                throw e;
            }
            InputStream again = new SequenceInputStream(new ByteArrayInputStream(header), plain);
            String kept = deadLetters.keep(source, again, e);
            throw new TraceFormatException(e.reason(), e.offset(), e.generation(), e.getMessage() + ". " + kept);
        }
    }

    private static Problem problem(TraceIntake intake, Refusal refusal, String detail) {
        IntakeProgress progress = intake.progress();
        String text = progress.generations() == 0
                ? detail
                : detail + ". The " + progress.generations() + " complete generations before that were accepted.";
        return new Problem(refusal, text, accepted(progress));
    }

    private static Map<String, Object> accepted(IntakeProgress progress) {
        Map<String, Object> accepted = new LinkedHashMap<>();
        accepted.put("generations", progress.generations());
        accepted.put("bytes", progress.bytes());
        if (progress.generations() > 0) {
            accepted.put("capture", progress.capture());
            accepted.put("instance", progress.instance());
        }
        if (progress.goMinor() > 0) {
            accepted.put("go", "1." + progress.goMinor());
        }
        return accepted;
    }
}
