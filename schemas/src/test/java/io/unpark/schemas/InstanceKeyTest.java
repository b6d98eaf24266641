package io.unpark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InstanceKeyTest {
    @ParameterizedTest
    @CsvSource({
        "shop, orders, orders-1, shop/orders/orders-1",
        "'', orders, capture-ab, /orders/capture-ab",
        "a/b, c%d, %2F, a%2Fb/c%25d/%252F",
        "ns, 注文, é e, ns/注文/é e"
    })
    void encodesAndDecodes(String namespace, String service, String instance, String encoded) {
        InstanceKey key = new InstanceKey(namespace, service, instance);

        assertThat(key.encode()).isEqualTo(encoded);
        assertThat(InstanceKey.decode(encoded)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a/b", "a/b/c/d", "a//c", "a/b/", "a/b/%", "a/b/%2f", "a/b/%41", "a/b/%2"})
    void whatEncodeNeverWritesIsRefused(String encoded) {
        assertThatThrownBy(() -> InstanceKey.decode(encoded))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("instance key");
    }

    @Test
    void longestPartsAreKeptAndLongerOnesRefused() {
        String longest = "/".repeat(InstanceKey.MAX_PART_LENGTH);
        InstanceKey key = new InstanceKey(longest, longest, longest);

        assertThat(InstanceKey.decode(key.encode())).isEqualTo(key);
        assertThatThrownBy(() -> new InstanceKey("", longest + "a", "i")).hasMessageContaining("at most 512");
        assertThatThrownBy(() -> InstanceKey.decode("a".repeat(1 << 20))).hasMessageContaining("1048576 characters");
    }

    @Test
    void theVersionIsNotPartOfTheIdentity() {
        assertThat(InstanceKey.of(Records.instance())).isEqualTo(new InstanceKey("shop", "orders", "orders-1"));
    }
}
