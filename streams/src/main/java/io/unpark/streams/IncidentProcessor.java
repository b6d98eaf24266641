package io.unpark.streams;

import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.incident.IncidentFold;
import io.unpark.analysis.incident.IncidentState;
import io.unpark.analysis.model.Anomaly;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Finding;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Findings to anomalies: the latest revision of each finding is kept, and what stands of them is folded. */
final class IncidentProcessor implements Processor<String, Finding, String, byte[]> {
    static final String FINDINGS = "incident-findings";
    static final String STATES = "incident-states";
    static final String ARRIVALS = "incident-arrivals";

    private static final Logger LOG = LoggerFactory.getLogger(IncidentProcessor.class);
    /** Anomalies of one task: far beyond what a fleet has, and a bound on what made-up fingerprints can cost. */
    static final int MAX_ANOMALIES = 50_000;

    private static final int MAX_ID_CHARS = 128;

    private final StreamsLimits limits;
    private final StreamsCounters counters;
    private final Outbox outbox;
    private final int maxAnomalies;

    private ProcessorContext<String, byte[]> context;
    private KeyValueStore<String, byte[]> findings;
    private KeyValueStore<String, byte[]> states;
    private ArrivalIndex arrivals;

    IncidentProcessor(Wiring wiring, StreamsLimits limits, StreamsCounters counters, int maxAnomalies) {
        this.maxAnomalies = maxAnomalies;
        this.limits = limits;
        this.counters = counters;
        this.outbox = new Outbox(wiring, IncidentTopology.STAGE);
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        this.context = context;
        findings = context.getStateStore(FINDINGS);
        states = context.getStateStore(STATES);
        arrivals = new ArrivalIndex(
                context.getStateStore(ARRIVALS), limits.evictEvery().toMillis());
        // Wall time: an anomaly is forgotten when nobody spoke of it for long, however old the traces are that were
        // replayed.
        context.schedule(limits.evictEvery(), PunctuationType.WALL_CLOCK_TIME, this::evict);
    }

    @Override
    public void process(Record<String, Finding> record) {
        outbox.clear();
        check(record.key(), record.value());
        String id = record.key();
        try (StoredFindings stored = new StoredFindings(findings, id)) {
            IncidentState before = load(id, stored);
            IncidentState after = fold(before, record.value(), stored);
            counters.findingsLetGo.add(stored.letGo());
            if (after != before) {
                stored.flush();
                states.put(id, after.toBytes());
            }
        }
        arrivals.touch(id, context.currentSystemTimeMs());
        while (arrivals.size() > maxAnomalies) {
            arrivals.oldest(1).forEach(this::forget);
        }
        outbox.send(context, record.timestamp());
    }

    /** A state of another version is made anew of its findings; when these cannot be read either, the anomaly begins anew. */
    private IncidentState load(String id, StoredFindings stored) {
        byte[] bytes = states.get(id);
        try {
            return bytes == null ? null : IncidentState.fromBytes(bytes);
        } catch (CodecException e) {
            counters.discardedStates.increment();
            LOG.warn("The state of anomaly {} cannot be read and is made anew: {}", id, e.getMessage());
        }
        try {
            return IncidentFold.refold(id, stored);
        } catch (CodecException e) {
            LOG.warn("The findings of anomaly {} cannot be read and are discarded: {}", id, e.getMessage());
            stored.deleteAll();
            return null;
        }
    }

    private static void check(String key, Finding finding) {
        if (finding == null) {
            throw new RefusedInputException("a finding without a value");
        }
        String id = finding.getAnomalyId();
        if (!id.equals(key)) {
            throw new RefusedInputException("key " + key + " is not that of its anomaly, " + id);
        }
        if (id.isEmpty() || id.length() > MAX_ID_CHARS || id.indexOf('/') >= 0) {
            throw new RefusedInputException(
                    "an anomaly id must have 1 to " + MAX_ID_CHARS + " characters, and no slash");
        }
        int findingIdChars = finding.getFindingId().length();
        if (findingIdChars == 0 || findingIdChars > MAX_ID_CHARS) {
            throw new RefusedInputException("a finding id must have 1 to " + MAX_ID_CHARS + " characters");
        }
    }

    /** Folds in memory and fills the outbox; writes nothing. */
    private IncidentState fold(IncidentState before, Finding arriving, StoredFindings stored) {
        try {
            IncidentState after = IncidentFold.apply(before, FindingMapper.toDomain(arriving), stored);
            if (after != before) {
                Optional<Anomaly> was = before == null ? Optional.empty() : before.anomaly();
                announce(arriving.getAnomalyId(), was, after);
            }
            return after;
        } catch (RuntimeException e) {
            throw Failures.refusal("finding " + arriving.getFindingId() + " is refused", e);
        }
    }

    private void announce(String id, Optional<Anomaly> was, IncidentState after) {
        Optional<Anomaly> is = after.anomaly();
        if (is.isPresent() && !is.equals(was)) {
            long nowNs = TimeUnit.MILLISECONDS.toNanos(context.currentSystemTimeMs());
            outbox.add(Topics.ANOMALIES, id, AnomalyMapper.toAvro(is.get(), after.worstDurationNs(), nowNs));
            counters.anomalies.increment();
            if (was.isEmpty()) {
                counters.newAnomalies.ask(context);
            }
        } else if (is.isEmpty() && was.isPresent()) {
            outbox.addTombstone(Topics.ANOMALIES, id);
        }
    }

    private void evict(long nowMs) {
        outbox.clear();
        long silentSinceMs = nowMs - limits.anomalyRetention().toMillis();
        for (String id : arrivals.silentSince(silentSinceMs, limits.maxEvictionsPerRun())) {
            forget(id);
        }
        outbox.send(context, nowMs);
    }

    private void forget(String id) {
        try (StoredFindings stored = new StoredFindings(findings, id)) {
            stored.deleteAll();
        }
        states.delete(id);
        arrivals.remove(id);
        outbox.addTombstone(Topics.ANOMALIES, id);
        counters.evictedAnomalies.increment();
    }
}
