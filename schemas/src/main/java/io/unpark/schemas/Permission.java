package io.unpark.schemas;

import java.util.Locale;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One thing that a role must be allowed. Kafka gives {@code DESCRIBE} with {@code READ}, {@code WRITE} and {@code DELETE}, so it is
 * not listed beside them.
 *
 * @param type topic, group, transactional id or cluster
 * @param pattern whether {@code name} is the whole name, or its beginning
 * @param name on the cluster, prefix included
 */
public record Permission(ResourceType type, PatternType pattern, String name, AclOperation operation) {
    private static final String ANY_HOST = "*";

    /** As the cluster knows it. @param principal such as {@code User:unpark-stream} */
    public AclBinding binding(String principal) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry(principal, ANY_HOST, operation, AclPermissionType.ALLOW));
    }

    /** The options of Kafka's own {@code kafka-acls} that add it. */
    public String options(String principal) {
        String resource = switch (type) {
            case CLUSTER -> "--cluster";
            case TOPIC -> "--topic " + name;
            case GROUP -> "--group " + name;
            case TRANSACTIONAL_ID -> "--transactional-id " + name;
            case UNKNOWN, ANY, DELEGATION_TOKEN, USER ->
                throw new IllegalStateException("nobody needs a right on " + type);
        };
        return "--add --allow-principal " + principal + " --operation " + word(operation) + " " + resource
                + (pattern == PatternType.PREFIXED ? " --resource-pattern-type prefixed" : "");
    }

    private static String word(AclOperation operation) {
        StringBuilder word = new StringBuilder();
        for (String part : operation.name().split("_")) {
            word.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
        }
        return word.toString();
    }

    /** Such as {@code Write topic go-findings} or {@code Read group unpark-reader*}. */
    @Override
    public String toString() {
        String kind = type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return type == ResourceType.CLUSTER
                ? word(operation) + " cluster"
                : word(operation) + " " + kind + " " + name + (pattern == PatternType.PREFIXED ? "*" : "");
    }
}
