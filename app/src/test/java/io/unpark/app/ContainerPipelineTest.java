package io.unpark.app;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * On Kafka's own container where Docker is usable. The image is the one that {@code infra/testcontainers} builds, or what
 * {@code UNPARK_KAFKA_IMAGE} names, such as {@code apache/kafka:4.3.1}. It is looked for, and never pulled unasked.
 */
class ContainerPipelineTest extends PipelineContract {
    private static final String BUILT = "unpark-kafka:4.3.1";
    private static final int ANSWER_SECONDS = 20;

    private static KafkaContainer kafka;

    @BeforeAll
    static void start() throws InterruptedException {
        assumeTrue(docker("info"), "KafkaContainer is skipped, EmbeddedPipelineTest stands in: Docker is not usable");
        String image = System.getenv().getOrDefault("UNPARK_KAFKA_IMAGE", BUILT);
        assumeTrue(
                !image.equals(BUILT) || docker("image", "inspect", BUILT),
                "KafkaContainer is skipped, EmbeddedPipelineTest stands in: there is no image " + BUILT
                        + "; infra/testcontainers/build-image.sh makes it, UNPARK_KAFKA_IMAGE names another");
        kafka = new KafkaContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("apache/kafka"));
        kafka.start();
    }

    private static boolean docker(String... words) throws InterruptedException {
        String[] command = new String[words.length + 1];
        command[0] = "docker";
        System.arraycopy(words, 0, command, 1, words.length);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    @AfterAll
    static void stop() {
        if (kafka != null) {
            kafka.stop();
        }
    }

    @Override
    String bootstrap() {
        return kafka.getBootstrapServers();
    }
}
