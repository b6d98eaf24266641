package io.unpark.schemas;

import io.unpark.schemas.record.Instance;

/**
 * Key of everything that belongs to one process: {@code namespace/service/instance}, where {@code /} and {@code %} within
 * a part are written {@code %2F} and {@code %25}. Each key has exactly one encoding, so equal keys land on one partition.
 *
 * @param namespace service.namespace, may be empty; at most {@value #MAX_PART_LENGTH} characters, as the others
 * @param service service.name, not empty
 * @param instance service.instance.id, not empty
 */
public record InstanceKey(String namespace, String service, String instance) {
    /** Longest part in UTF-16 characters, before escaping. */
    public static final int MAX_PART_LENGTH = 512;

    private static final int MAX_ENCODED_LENGTH = 3 * 3 * MAX_PART_LENGTH + 2;

    /** @throws IllegalArgumentException when a part is too long, or service or instance is empty */
    public InstanceKey {
        checkPart("namespace", namespace);
        checkPart("service", service);
        checkPart("instance", instance);
        if (service.isEmpty() || instance.isEmpty()) {
            throw new IllegalArgumentException("instance key needs a service and an instance: '" + namespace + "', '"
                    + service + "', '" + instance + "'");
        }
    }

    /** Key of a record's instance; the version is not part of it. */
    public static InstanceKey of(Instance instance) {
        return new InstanceKey(instance.getNamespace(), instance.getService(), instance.getName());
    }

    /** The inverse of {@link #encode}. @throws IllegalArgumentException when the text is not an encoded key */
    public static InstanceKey decode(String encoded) {
        if (encoded.length() > MAX_ENCODED_LENGTH) {
            throw new IllegalArgumentException("instance key of " + encoded.length() + " characters, at most "
                    + MAX_ENCODED_LENGTH + " are allowed");
        }
        String[] parts = encoded.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("instance key needs namespace/service/instance: '" + encoded + "'");
        }
        return new InstanceKey(unescape(parts[0]), unescape(parts[1]), unescape(parts[2]));
    }

    /** The text that is the record's key on the topics. */
    public String encode() {
        return escape(namespace) + '/' + escape(service) + '/' + escape(instance);
    }

    private static void checkPart(String name, String part) {
        if (part.length() > MAX_PART_LENGTH) {
            throw new IllegalArgumentException(
                    name + " of " + part.length() + " characters, at most " + MAX_PART_LENGTH + " are allowed");
        }
    }

    private static String escape(String part) {
        return part.replace("%", "%25").replace("/", "%2F");
    }

    /** Only what {@link #escape} writes is accepted: a second spelling of a key would be a second key to Kafka. */
    private static String unescape(String part) {
        for (int at = part.indexOf('%'); at >= 0; at = part.indexOf('%', at + 1)) {
            if (!part.startsWith("%25", at) && !part.startsWith("%2F", at)) {
                throw new IllegalArgumentException("instance key has an unknown escape: '" + part + "'");
            }
        }
        return part.replace("%2F", "/").replace("%25", "%");
    }
}
