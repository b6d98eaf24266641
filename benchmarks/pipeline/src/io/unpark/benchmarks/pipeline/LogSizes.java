package io.unpark.benchmarks.pipeline;

import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.Node;

/**
 * What lies on the broker's disk, in bytes as it is compressed there.
 *
 * @param chunks what came in
 * @param outputs what the topologies wrote for each other and for readers
 * @param changelogs copies of their state; not compacted yet in a short run, so this is what was written
 */
record LogSizes(long chunks, long outputs, long changelogs) {
    static LogSizes of(BrokerProcess broker, TopicLayout layout) throws InterruptedException, ExecutionException {
        long chunks = 0;
        long outputs = 0;
        long changelogs = 0;
        try (Admin admin = Admin.create(broker.clientConfig())) {
            DescribeClusterResult cluster = admin.describeCluster();
            var ids = cluster.nodes().get().stream().map(Node::id).toList();
            for (var logDirs : admin.describeLogDirs(ids).allDescriptions().get().values()) {
                for (LogDirDescription logDir : logDirs.values()) {
                    for (var replica : logDir.replicaInfos().entrySet()) {
                        String topic = replica.getKey().topic();
                        long bytes = replica.getValue().size();
                        if (!topic.startsWith(layout.prefix())) {
                            continue;
                        } else if (topic.equals(layout.name(Topics.TRACE_CHUNKS))) {
                            chunks += bytes;
                        } else if (topic.endsWith("-changelog")) {
                            changelogs += bytes;
                        } else {
                            outputs += bytes;
                        }
                    }
                }
            }
        }
        return new LogSizes(chunks, outputs, changelogs);
    }
}
