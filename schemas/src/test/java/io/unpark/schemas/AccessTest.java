package io.unpark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

/** The lists of rights follow the topic table. */
final class AccessTest {
    private static final String BEGIN = "<!-- rights: made from the topic table, checked by AccessTest -->\n";
    private static final String END = "<!-- /rights -->";

    @Test
    void everyTopicIsMadeByOneRoleWrittenByOneAndKnownToTheTopologies() {
        for (Topic<?, ?> topic : Topics.all()) {
            assertThat(holders(topic, AclOperation.CREATE)).containsExactly(Role.TOPICS);
            assertThat(holders(topic, AclOperation.WRITE))
                    .as("writers of %s", topic)
                    .isNotEmpty();
            assertThat(rights(Role.STREAM, topic))
                    .as("the topologies' rights on %s", topic)
                    .isNotEmpty();
        }
    }

    @Test
    void whatTheCollectorWritesTheTopologiesRead() {
        for (Topic<?, ?> topic : Access.inputs()) {
            assertThat(rights(Role.COLLECT, topic)).containsExactly(AclOperation.WRITE);
            assertThat(rights(Role.STREAM, topic)).containsExactly(AclOperation.READ);
        }
        assertThat(Access.inputs()).contains(Topics.TRACE_CHUNKS, Topics.RACE_REPORTS);
    }

    @Test
    void nobodyHasARightTwiceOrOnEverything() {
        for (Role role : Role.values()) {
            List<Permission> rights = Access.of(role, TopicLayout.DEFAULT.withPrefix("shop."));

            assertThat(rights).doesNotHaveDuplicates().noneMatch(it -> it.operation() == AclOperation.ALL);
            assertThat(rights)
                    .filteredOn(it -> it.type() != ResourceType.CLUSTER)
                    .allMatch(it -> it.name().startsWith("shop."));
        }
    }

    @Test
    void aRightIsAnOptionOfKafkasOwnTool() {
        Permission stores = new Permission(
                ResourceType.TRANSACTIONAL_ID, PatternType.PREFIXED, "unpark-", AclOperation.DESCRIBE_CONFIGS);

        assertThat(stores.options("User:a"))
                .isEqualTo("--add --allow-principal User:a --operation DescribeConfigs --transactional-id unpark-"
                        + " --resource-pattern-type prefixed");
    }

    /** With {@code -Dunpark.docs.write} the page is put right first. */
    @Test
    void thePageShowsThem() throws IOException {
        Path file = docs().resolve("kafka.md");
        String page = Files.readString(file);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        if (System.getProperty("unpark.docs.write") != null) {
            Files.writeString(file, page.substring(0, begin) + table() + page.substring(end));
            return;
        }

        assertThat(page.substring(begin, end))
                .as("docs/kafka.md; -Dunpark.docs.write puts it right")
                .isEqualTo(table());
    }

    private static Path docs() {
        Path here = Path.of("").toAbsolutePath();
        return (Files.exists(here.resolve("docs")) ? here : here.getParent()).resolve("docs");
    }

    private static String table() {
        StringBuilder table = new StringBuilder("\n| role | right | on |\n|---|---|---|\n");
        for (Role role : Role.values()) {
            rows(role).forEach(row -> table.append(row).append('\n'));
        }
        return table.append('\n').toString();
    }

    /** One row for each set of operations. */
    private static List<String> rows(Role role) {
        List<String> rows = new ArrayList<>();
        List<Permission> all = Access.of(role, TopicLayout.DEFAULT);
        var byResource = all.stream()
                .collect(Collectors.groupingBy(
                        AccessTest::resource,
                        java.util.LinkedHashMap::new,
                        Collectors.mapping(AccessTest::word, Collectors.joining(", "))));
        var byRight = byResource.entrySet().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.getValue(),
                        java.util.LinkedHashMap::new,
                        Collectors.mapping(entry -> entry.getKey(), Collectors.joining(", "))));
        byRight.forEach((right, on) -> rows.add("| " + role.label() + " | " + right + " | " + on + " |"));
        return rows;
    }

    private static String word(Permission it) {
        return it.toString().substring(0, it.toString().indexOf(' '));
    }

    private static String resource(Permission it) {
        if (it.type() == ResourceType.CLUSTER) {
            return "the cluster";
        }
        String name = "`" + it.name() + (it.pattern() == PatternType.PREFIXED ? "*" : "") + "`";
        return switch (it.type()) {
            case GROUP -> "group " + name;
            case TRANSACTIONAL_ID -> "transactional id " + name;
            default -> name;
        };
    }

    private static List<Role> holders(Topic<?, ?> topic, AclOperation operation) {
        List<Role> holders = new ArrayList<>();
        for (Role role : Role.values()) {
            if (rights(role, topic).contains(operation)) {
                holders.add(role);
            }
        }
        return holders;
    }

    private static List<AclOperation> rights(Role role, Topic<?, ?> topic) {
        return Access.of(role, TopicLayout.DEFAULT).stream()
                .filter(it -> it.type() == ResourceType.TOPIC
                        && it.pattern() == PatternType.LITERAL
                        && it.name().equals(topic.name()))
                .map(Permission::operation)
                .toList();
    }
}
