package io.unpark.ingest;

import io.javalin.http.Context;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Takes a log that was pushed, and sends the race reports in it. */
final class RacePush implements IngestRoutes.Push {
    private static final int BATCH = 64;

    private final ChunkProducer producer;
    private final IngestLimits limits;
    private final IngestCounters counters;
    private final HeldBytes heldBytes;
    private final LongSupplier nowUnixNs;

    RacePush(
            ChunkProducer producer,
            IngestLimits limits,
            IngestCounters counters,
            HeldBytes heldBytes,
            LongSupplier nowUnixNs) {
        this.producer = producer;
        this.limits = limits;
        this.counters = counters;
        this.heldBytes = heldBytes;
        this.nowUnixNs = nowUnixNs;
    }

    @Override
    public Problem take(Context context) throws IOException, RefusedException {
        Instance instance = PushParameters.process(context);
        Sender sender = new Sender();
        RaceLogSummary summary;
        try (HeldBytes.Push held = heldBytes.begin();
                InputStream plain = held.open(context.bodyInputStream(), limits.body())) {
            summary = RaceLogParser.parse(plain, instance, nowUnixNs.getAsLong(), limits.raceLog(), sender::add);
            if (summary.lines() == 0) {
                throw new RefusedException(Refusal.EMPTY, "the body is empty: send the text of the log");
            }
            sender.flush();
        } catch (HeldBytes.FullException e) {
            return problem(sender, instance, e.refusal(), e.getMessage());
        } catch (DecompressionException e) {
            sender.flushQuietly();
            return problem(sender, instance, Refusal.of(e.reason()), e.getMessage());
        } catch (UncheckedIOException e) {
            return broker(sender, instance, e.getCause());
        } catch (BrokerException e) {
            return broker(sender, instance, e);
        } catch (IOException e) {
            sender.flushQuietly();
            return problem(
                    sender, instance, Refusal.ofReading(e), "the body could not be read to its end: " + e.getMessage());
        } finally {
            counters.acceptedReports(sender.acknowledged);
        }
        if (sender.refused > 0) {
            String detail = sender.refused + " reports beyond " + limits.maxReportsPerPush() + " were not taken";
            return problem(sender, instance, Refusal.TOO_LARGE, detail);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("accepted", accepted(sender, instance));
        if (summary.reports() == 0) {
            body.put("note", "no report of Go's race detector in " + summary.lines() + " lines");
        }
        context.status(202).contentType("application/json").result(Problem.json(body));
        return null;
    }

    private static Problem broker(Sender sender, Instance instance, IOException e) {
        boolean away = !(e instanceof BrokerException broker) || broker.away();
        return problem(sender, instance, away ? Refusal.BROKER_AWAY : Refusal.BROKER_REFUSED, e.getMessage());
    }

    private static Problem problem(Sender sender, Instance instance, Refusal refusal, String detail) {
        return new Problem(refusal, detail, accepted(sender, instance));
    }

    private static Map<String, Object> accepted(Sender sender, Instance instance) {
        Map<String, Object> accepted = new LinkedHashMap<>();
        accepted.put("reports", sender.acknowledged);
        accepted.put("instance", instance.getName());
        return accepted;
    }

    /** Sends reports in batches while the log is being read. */
    private final class Sender {
        private final List<RaceReport> batch = new ArrayList<>(BATCH);
        private long taken;
        private long acknowledged;
        private long refused;

        void add(RaceReport report) {
            if (taken >= limits.maxReportsPerPush()) {
                refused++;
                return;
            }
            taken++;
            batch.add(report);
            if (batch.size() == BATCH) {
                try {
                    flush();
                } catch (BrokerException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        void flush() throws BrokerException {
            producer.acceptReports(batch);
            acknowledged += batch.size();
            batch.clear();
        }

        /** The log is broken; what was whole before is sent if that works, and the fault of the log is what is answered. */
        void flushQuietly() {
            try {
                flush();
            } catch (BrokerException e) {
                batch.clear();
            }
        }
    }
}
