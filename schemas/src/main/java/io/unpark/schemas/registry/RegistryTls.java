package io.unpark.schemas.registry;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/** Keys and trust for a registry behind https, by Confluent's names; Kafka's own code reads them, PEM as well as key stores. */
final class RegistryTls {
    static final String PREFIX = "schema.registry.ssl.";
    private static final String KAFKAS = "ssl.";

    private RegistryTls() {}

    /**
     * Empty when nothing is set; then the JVM's own trust decides.
     *
     * @throws ConfigException when a store cannot be read; its text holds no secret
     */
    static Optional<SSLContext> of(Map<String, ?> configs) {
        Map<String, Object> given = new TreeMap<>();
        configs.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                given.put(KAFKAS + name.substring(PREFIX.length()), value);
            }
        });
        if (given.isEmpty()) {
            return Optional.empty();
        }
        ConfigDef names = new ConfigDef();
        SslConfigs.addClientSslSupport(names);
        try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
            factory.configure(names.parse(given));
            return Optional.of(factory.sslContext());
        } catch (ConfigException e) {
            // Kafka's text may repeat the value.
            throw new ConfigException(PREFIX + "*: one of " + given.keySet() + " has the wrong form");
        } catch (KafkaException e) {
            throw new ConfigException(PREFIX + "*: " + reason(e));
        }
    }

    private static String reason(Throwable e) {
        String reason = e.getClass().getSimpleName();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            reason = cause.getMessage() == null ? reason : cause.getMessage();
        }
        return reason;
    }
}
