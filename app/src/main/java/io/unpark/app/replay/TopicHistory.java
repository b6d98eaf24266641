package io.unpark.app.replay;

import io.unpark.app.console.Progress;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.schemas.record.RaceReport;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.schemas.registry.RegistryUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * What lies on topics of chunks and of race reports, a lane for each partition. Read by the time of acceptance with a margin, then
 * filtered by the time of the events; sent in the order and at the pace in which it was accepted, since one process with a wrong
 * clock would hold up its whole partition. Leaves no trace on the cluster: no group, no offsets.
 */
public final class TopicHistory implements Past {
    /** Records of up to 4 MiB each, for each partition. */
    private static final int QUEUED = 4;

    private static final int FETCH_BYTES = 16 << 20;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final int SHOWN_PROBLEMS = 10;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Deserializer<TraceChunk> chunks;
    private final Deserializer<RaceReport> races;
    private final Deserializer<ProfileSnapshot> profiles;
    private final TimeRange range;
    private final Map<TopicPartition, PartitionLane> lanes = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private Progress progress;
    private long refused;

    /**
     * Connects, and looks up where to begin and to end: what comes later is not part of it.
     *
     * @param topics names on the cluster; those that end as the topic of race reports or that of profiles does hold such, the others chunks
     * @param margin how far acceptance may be from the events' time
     */
    public TopicHistory(ReplayPlace source, List<String> topics, TimeRange range, Duration margin) throws IOException {
        this.range = range;
        consumer = new KafkaConsumer<>(settings(source), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        chunks = source.registered().value(Topics.TRACE_CHUNKS).deserializer();
        races = source.registered().value(Topics.RACE_REPORTS).deserializer();
        profiles = source.registered().value(Topics.PROFILE_SNAPSHOTS).deserializer();
        try {
            List<TopicPartition> partitions = partitions(topics);
            Map<TopicPartition, Long> begins = offsets(partitions, range.fromUnixNs(), margin.negated());
            Map<TopicPartition, Long> ends = offsets(partitions, range.toUnixNs(), margin);
            consumer.assign(partitions);
            for (TopicPartition partition : partitions) {
                consumer.seek(partition, begins.get(partition));
                lanes.put(partition, new PartitionLane(partition, begins.get(partition), ends.get(partition)));
            }
        } catch (KafkaException e) {
            close();
            throw new IOException("cannot read " + topics + ": " + e.getMessage(), e);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static Map<String, Object> settings(ReplayPlace source) {
        Map<String, Object> settings = new HashMap<>(source.kafka());
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Topics.TRACE_CHUNKS.maxMessageBytes());
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, QUEUED);
        return settings;
    }

    private List<TopicPartition> partitions(List<String> topics) throws IOException {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            List<PartitionInfo> infos = consumer.partitionsFor(topic);
            if (infos == null || infos.isEmpty()) {
                throw new IOException("the cluster has no topic " + topic);
            }
            infos.forEach(it -> partitions.add(new TopicPartition(topic, it.partition())));
        }
        return partitions;
    }

    /** Of the first records accepted at that time or later; the beginning and the end where the range has none. */
    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, long unixNs, Duration margin) {
        if (unixNs == Long.MIN_VALUE) {
            return consumer.beginningOffsets(partitions);
        }
        Map<TopicPartition, Long> found = new HashMap<>(consumer.endOffsets(partitions));
        if (unixNs != Long.MAX_VALUE) {
            long unixMs = Math.max(0, TimeUnit.NANOSECONDS.toMillis(unixNs) + margin.toMillis());
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition -> times.put(partition, unixMs));
            Map<TopicPartition, OffsetAndTimestamp> answer = consumer.offsetsForTimes(times);
            answer.forEach((partition, at) -> {
                if (at != null) {
                    found.put(partition, at.offset());
                }
            });
        }
        return found;
    }

    @Override
    public List<Lane> lanes() {
        return List.copyOf(lanes.values());
    }

    /** Records between begin and end, markers of transactions included. */
    public long records() {
        return lanes.values().stream().mapToLong(lane -> lane.end - lane.next).sum();
    }

    @Override
    public long refused() {
        return refused;
    }

    @Override
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** Told of each record. */
    public void show(Progress to) {
        progress = to;
    }

    private void poll() {
        for (PartitionLane lane : lanes.values()) {
            if (lane.queue.size() >= QUEUED || lane.isRead()) {
                consumer.pause(List.of(lane.partition));
            } else {
                consumer.resume(List.of(lane.partition));
            }
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            PartitionLane lane = lanes.get(new TopicPartition(record.topic(), record.partition()));
            if (record.offset() < lane.end) {
                lane.queue.add(record);
            }
        }
        lanes.values().forEach(lane -> lane.next = consumer.position(lane.partition));
    }

    /** Null when it is not wanted, or cannot be read. */
    private Moment moment(ConsumerRecord<byte[], byte[]> record, EventTimes times) throws IOException {
        if (progress != null) {
            progress.at(record.topic());
            progress.add(1);
        }
        if (record.value() == null) {
            refuse(record, "it has no value");
            return null;
        }
        try {
            return read(record, times);
        } catch (RegistryUnavailableException e) {
            throw new IOException("the schema registry does not answer: " + e.getMessage(), e);
        } catch (KafkaException e) {
            refuse(record, e.getMessage());
            return null;
        }
    }

    private Moment read(ConsumerRecord<byte[], byte[]> record, EventTimes times) {
        long acceptedUnixNs = TimeUnit.MILLISECONDS.toNanos(record.timestamp());
        if (record.topic().endsWith(Topics.RACE_REPORTS.name())) {
            RaceReport report = races.deserialize(record.topic(), record.value());
            boolean isWanted = range.holds(report.getReportedUnixNs());
            return isWanted ? new Moment.Races(acceptedUnixNs, List.of(report)) : null;
        }
        if (record.topic().endsWith(Topics.PROFILE_SNAPSHOTS.name())) {
            ProfileSnapshot snapshot = profiles.deserialize(record.topic(), record.value());
            boolean isWanted = range.holds(snapshot.getTakenUnixNs());
            return isWanted ? new Moment.Profiles(acceptedUnixNs, List.of(snapshot)) : null;
        }
        TraceChunk chunk = chunks.deserialize(record.topic(), record.value());
        return range.holds(times.unixNs(chunk)) ? new Moment.Trace(acceptedUnixNs, List.of(chunk)) : null;
    }

    private void refuse(ConsumerRecord<byte[], byte[]> record, String why) {
        refused++;
        if (problems.size() < SHOWN_PROBLEMS) {
            problems.add(record.topic() + "-" + record.partition() + " offset " + record.offset() + ": " + why);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }

    /** A partition, between two offsets. */
    private final class PartitionLane implements Lane {
        private final TopicPartition partition;
        private final long end;
        private final Deque<ConsumerRecord<byte[], byte[]>> queue = new ArrayDeque<>();
        private final EventTimes times = new EventTimes();
        private long next;

        PartitionLane(TopicPartition partition, long begin, long end) {
            this.partition = partition;
            this.next = begin;
            this.end = end;
        }

        boolean isRead() {
            return next >= end;
        }

        /** Before all others: what comes first is not known without reading it. */
        @Override
        public long beginUnixNs() {
            return Moment.TIMELESS;
        }

        @Override
        public Moment next() throws IOException {
            long beganNs = System.nanoTime();
            while (true) {
                while (!queue.isEmpty()) {
                    Moment moment = moment(queue.remove(), times);
                    if (moment != null) {
                        return moment;
                    }
                }
                if (isRead()) {
                    return null;
                }
                long before = next;
                poll();
                if (next != before) {
                    beganNs = System.nanoTime();
                } else if (System.nanoTime() - beganNs > SILENCE.toNanos()) {
                    throw new IOException(
                            partition + " gives nothing beyond offset " + next + " for " + SILENCE.toSeconds() + " s");
                }
            }
        }

        @Override
        public void close() {
            queue.clear();
        }
    }
}
