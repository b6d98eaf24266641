package io.unpark.schemas.released;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/** Whether the schemas of now and those of the releases read each other's records, topic by topic. */
final class Compatibility {
    private Compatibility() {}

    /**
     * What is broken, one line each; empty when nothing is. Every topic must read what every release wrote
     * (BACKWARD_TRANSITIVE), since records of several releases lie on it.
     *
     * @param now schemas by topic
     * @param released schemas by topic, by release
     * @param readByOthers topics that consumers of older releases go on reading: those must read what is written now (FORWARD)
     */
    static List<String> violations(
            Map<String, Schema> now, Map<String, Map<String, Schema>> released, Set<String> readByOthers) {
        List<String> violations = new ArrayList<>();
        released.forEach((release, topics) -> {
            for (String topic : new TreeSet<>(topics.keySet())) {
                Schema then = topics.get(topic);
                Schema current = now.get(topic);
                if (current == null) {
                    violations.add(topic + ": is in release " + release + " and gone now");
                    continue;
                }
                String name = topic + ": now cannot read what release " + release + " wrote";
                violations.addAll(differences(name, current, then));
                if (readByOthers.contains(topic)) {
                    violations.addAll(differences(
                            topic + ": release " + release + " cannot read what is written now", then, current));
                }
            }
        });
        return violations;
    }

    private static List<String> differences(String what, Schema reader, Schema writer) {
        List<String> differences = new ArrayList<>();
        for (Incompatibility it : SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities()) {
            differences.add(what + ": " + it.getType() + " at " + it.getLocation() + ": " + it.getMessage());
        }
        return differences;
    }
}
