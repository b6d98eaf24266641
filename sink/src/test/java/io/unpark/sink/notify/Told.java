package io.unpark.sink.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.unpark.sink.store.AnomalyRow;
import io.unpark.sink.store.AnomalyStore;
import io.unpark.sink.store.NoticeQueueState;
import io.unpark.sink.store.NoticeRules;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.StaleOwnerException;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.jdbc.JdbcStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** A database with notices, and a clock that a test moves. */
final class Told extends Clock implements AutoCloseable {
    static final long START_MS = 1_795_392_000_000L;
    static final long QUIET_MS = 600_000;
    private static final long NS_PER_MS = 1_000_000L;

    final NotifyConfig config;
    final JdbcStorage storage;
    final NoticeRules rules;
    private final AnomalyStore store;
    private volatile long nowMs = START_MS;
    private volatile long quietMs = QUIET_MS;

    Told(StorageConfig database, String yaml) throws IOException {
        this(database, read(yaml, Map.of("KEY", "a key of 24 characters..", "TOKEN", "t0ken")));
    }

    Told(StorageConfig database, NotifyConfig config) {
        this.config = config;
        storage = new JdbcStorage(database);
        storage.start();
        rules = Notifier.rules(config, () -> new StateRule(nowMs, quietMs));
        store = storage.anomalyStore(rules);
        storage.notices().register(rules.receivers());
    }

    static NotifyConfig read(String yaml, Map<String, String> environment) throws IOException {
        return NotifyConfig.read(new ObjectMapper(new YAMLFactory()).readTree(yaml), Path.of("."), environment);
    }

    void write(AnomalyRow... rows) throws StaleOwnerException {
        Map<String, Optional<AnomalyRow>> anomalies = new LinkedHashMap<>();
        for (AnomalyRow row : rows) {
            anomalies.put(row.id(), Optional.of(row));
        }
        store.write(new SinkBatch(List.of(), anomalies, List.of(), List.of(), List.of()));
    }

    /** Seen just now. */
    AnomalyRow anomaly(String id, String service, String severity) {
        String document = """
                {"id": "%s", "kind": "goroutine_leak", "service": "%s", "site": "main.f", "file": "main.go", "line": 7,
                 "summary": "it leaks", "advice": {"fix": "mend it"}, "evidence": {"a": 1}}""".formatted(id, service);
        return new AnomalyRow(
                id,
                "shop",
                service,
                "goroutine_leak",
                severity,
                "certain",
                3,
                nowMs * NS_PER_MS,
                nowMs * NS_PER_MS,
                nowMs,
                "f",
                List.of(),
                document);
    }

    void sweep() {
        storage.noticeSweep(rules).run(rules.stateRule());
    }

    Courier courier() {
        return courier(config.receivers().get(0));
    }

    Courier courier(ReceiverConfig receiver) {
        return new Courier(
                config,
                receiver,
                storage.notices(),
                new RetryTimes(new SplittableRandom(1)),
                new NotifyMetrics(new SimpleMeterRegistry(), rules.receivers()),
                this);
    }

    NoticeQueueState state() {
        return storage.notices().state(config.receivers().get(0).name());
    }

    /** From now on, what nobody heard of for a second is over: for tests that wait for others' clocks. */
    void endAll() {
        quietMs = 1_000;
    }

    void pass(long ms) {
        nowMs += ms;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(nowMs);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public void close() {
        storage.close();
    }
}
