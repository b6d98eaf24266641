package io.unpark.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unpark.schemas.TopicAdmin;
import io.unpark.schemas.TopicDifference;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedBroker.class)
final class TopicAdminTest {
    private final TopicLayout layout = TopicLayout.DEFAULT
            .withPrefix("t" + UUID.randomUUID().toString().substring(0, 8) + ".")
            .withPartitions(1)
            .withPartitions(Topics.TRACE_CHUNKS, 2);

    private Admin admin;
    private TopicAdmin topics;

    @BeforeEach
    void connect(EmbeddedKafka kafka) {
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
        topics = new TopicAdmin(admin, layout, Duration.ofSeconds(20));
    }

    @AfterEach
    void disconnect() {
        admin.close();
    }

    @Test
    void allAreMissingBeforeAndRightAfterCreation() {
        List<TopicDifference> before = topics.check();

        List<String> created = topics.create();

        assertThat(before)
                .hasSize(Topics.all().size())
                .allSatisfy(missing -> assertThat(missing.found()).isEqualTo("absent"));
        assertThat(created)
                .containsExactlyElementsOf(
                        Topics.all().stream().map(layout::name).toList());
        assertThat(topics.check()).isEmpty();
    }

    @Test
    void creatingAgainCreatesNothing() {
        topics.create();

        assertThat(topics.create()).isEmpty();
    }

    @Test
    void whatSomebodyChangedIsReportedAndLeftAlone() throws Exception {
        topics.create();
        String findings = layout.name(Topics.FINDINGS);
        String chunks = layout.name(Topics.TRACE_CHUNKS);
        admin.createPartitions(Map.of(chunks, NewPartitions.increaseTo(3)))
                .all()
                .get();
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, findings),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("max.message.bytes", "1000"), AlterConfigOp.OpType.SET))))
                .all()
                .get();

        topics.create();

        // The broker that is asked hears of changes a little later than the controller
        await().untilAsserted(() -> assertThat(topics.check())
                .containsExactly(
                        new TopicDifference(chunks, "partitions", "2", "3"),
                        new TopicDifference(findings, "max.message.bytes", "524288", "1000")));
    }
}
