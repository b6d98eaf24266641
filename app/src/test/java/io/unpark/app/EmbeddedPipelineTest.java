package io.unpark.app;

import io.unpark.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** On the broker of the all-in-one mode. */
class EmbeddedPipelineTest extends PipelineContract {
    @TempDir
    private static Path data;

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() throws IOException {
        kafka = EmbeddedKafka.start(data);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Override
    String bootstrap() {
        return kafka.bootstrap();
    }
}
