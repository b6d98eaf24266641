package io.unpark.ingest.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTargetsTest {
    @TempDir
    private Path folder;

    private FileTargets targets(String pattern) {
        return new FileTargets(List.of(folder.resolve(pattern)), Duration.ofMinutes(5));
    }

    /** As deployment tools do it: another file, renamed. */
    private void put(String name, String text) throws IOException {
        Path fresh = Files.writeString(folder.resolve(name + ".fresh~"), text);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<String> addresses(List<TargetGroup> groups) {
        return groups.stream().flatMap(it -> it.targets().stream()).toList();
    }

    @Test
    void jsonAndYamlOfPrometheusAreRead() throws IOException {
        // Given the examples of Prometheus's documentation, in both formats
        put("a.json", "[{\"targets\": [\"host1:6060\", \"host2:6060\"], \"labels\": {\"job\": \"orders\", \"n\": 1}}]");
        put("b.yml", "- targets: ['host3:6060']\n  labels:\n    service: stock\n- targets: []\n");
        put("empty.yaml", "# nothing yet\n");
        put("c.txt", "not for us");

        // When
        FileTargets targets = new FileTargets(
                List.of(folder.resolve("*.json"), folder.resolve("*.yml"), folder.resolve("*.yaml")),
                Duration.ofMinutes(5));
        List<TargetGroup> groups = targets.refresh();

        // Then
        assertThat(addresses(groups)).containsExactly("host1:6060", "host2:6060", "host3:6060");
        assertThat(groups.get(0).labels()).containsEntry("job", "orders").containsEntry("n", "1");
        assertThat(groups.get(1).labels()).containsEntry("service", "stock");
    }

    @Test
    void aReplacedFileIsReadAgain() throws IOException {
        // Given
        FileTargets targets = targets("*.json");
        put("a.json", "[{\"targets\": [\"one:1\"]}]");
        assertThat(addresses(targets.refresh())).containsExactly("one:1");

        // When it is replaced by one of the same length
        put("a.json", "[{\"targets\": [\"two:2\"]}]");

        // Then
        assertThat(addresses(targets.refresh())).containsExactly("two:2");
    }

    @Test
    void aHalfWrittenFileKeepsItsLastTargets() throws IOException {
        // Given
        FileTargets targets = targets("*.json");
        put("a.json", "[{\"targets\": [\"one:1\"]}]");
        put("b.json", "[{\"targets\": [\"other:1\"]}]");
        targets.refresh();

        // When one is written in place and read in the middle
        Files.writeString(folder.resolve("a.json"), "[{\"targets\": [\"one");

        // Then the error names it, and both files' targets stand
        assertThatThrownBy(targets::refresh).isInstanceOf(IOException.class).hasMessageContaining("a.json: not JSON");
        assertThat(addresses(targets.known())).containsExactly("one:1", "other:1");

        // And when it is whole, it counts
        Files.writeString(folder.resolve("a.json"), "[{\"targets\": [\"one:2\"]}]");
        assertThat(addresses(targets.refresh())).containsExactly("one:2", "other:1");
    }

    @Test
    void aFileThatIsGoneHasNoTargets() throws IOException {
        // Given
        FileTargets targets = targets("*.json");
        put("a.json", "[{\"targets\": [\"one:1\"]}]");
        put("b.json", "[{\"targets\": [\"other:1\"]}]");
        targets.refresh();

        // When
        Files.delete(folder.resolve("a.json"));

        // Then
        assertThat(addresses(targets.refresh())).containsExactly("other:1");

        // And when the last one goes too, that is told
        Files.delete(folder.resolve("b.json"));
        assertThatThrownBy(targets::refresh).hasMessageContaining("no file is called");
        assertThat(targets.known()).isEmpty();
    }

    @Test
    void whatIsNoListOfGroupsIsRefusedInWords() throws IOException {
        FileTargets targets = targets("a.json");
        for (List<String> mistake : List.of(
                List.of("{}", "a list of"),
                List.of("[1]", "group 1"),
                List.of("[{\"target\": []}]", "'target'"),
                List.of("[{\"targets\": \"a:1\"}]", "not a list"),
                List.of("[{\"targets\": [1]}]", "not a text"),
                List.of("[{\"targets\": [], \"labels\": {\"a-b\": \"c\"}}]", "no name of a label"),
                List.of("[{\"targets\": [], \"labels\": {\"a\": []}}]", "no text as value"),
                List.of("[".repeat(100_000), "not JSON"))) {
            put("a.json", mistake.get(0));
            assertThatThrownBy(targets::refresh).as(mistake.get(1)).hasMessageContaining(mistake.get(1));
        }
    }
}
