package io.unpark.app.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangesTest {
    private final Changes changes = new Changes();

    @Test
    void theFirstLookShowsAllTheOldestFirst() {
        assertThat(changes.since(List.of(anomaly("b", 1), anomaly("a", 1))))
                .containsExactly(anomaly("a", 1), anomaly("b", 1));
    }

    @Test
    void laterLooksShowWhatIsNewOrDifferent() {
        // Given
        changes.since(List.of(anomaly("b", 1), anomaly("a", 1)));

        // When one grew, one came, and one stayed as it was
        List<JsonNode> changed = changes.since(List.of(anomaly("c", 1), anomaly("b", 1), anomaly("a", 2)));

        // Then
        assertThat(changed).containsExactly(anomaly("a", 2), anomaly("c", 1));
        assertThat(changes.since(List.of(anomaly("c", 1), anomaly("b", 1), anomaly("a", 2))))
                .isEmpty();
    }

    @Test
    void whatComesBackIsNew() {
        changes.since(List.of(anomaly("a", 1)));
        changes.since(List.of());

        assertThat(changes.since(List.of(anomaly("a", 1)))).containsExactly(anomaly("a", 1));
    }

    private static JsonNode anomaly(String id, int count) {
        return JsonNodeFactory.instance.objectNode().put("id", id).put("count", count);
    }
}
