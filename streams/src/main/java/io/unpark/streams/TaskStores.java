package io.unpark.streams;

import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * How stores are made: on disk, since their size follows the fleet and not the heap; without a record cache, which would hold
 * pages of megabytes a second time; with a changelog whose largest record is explicit.
 */
final class TaskStores {
    /** Above the largest state page and the largest held part, with room for key and headers. */
    private static final int MAX_CHANGELOG_RECORD_BYTES = 5 << 20;

    private TaskStores() {}

    static StoreBuilder<KeyValueStore<String, byte[]>> ofBytes(String name) {
        return of(name, Serdes.ByteArray());
    }

    static StoreBuilder<KeyValueStore<String, Long>> ofLongs(String name) {
        return of(name, Serdes.Long());
    }

    static <V> StoreBuilder<KeyValueStore<String, V>> of(String name, Serde<V> values) {
        String maxBytes = Integer.toString(MAX_CHANGELOG_RECORD_BYTES);
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), values)
                .withCachingDisabled()
                .withLoggingEnabled(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, maxBytes));
    }
}
