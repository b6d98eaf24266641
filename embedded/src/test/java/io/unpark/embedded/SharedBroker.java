package io.unpark.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One broker for all test classes that only need some broker; started at first use, closed at the end of the run. */
final class SharedBroker implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SharedBroker.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == EmbeddedKafka.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Running.class, key -> new Running(), Running.class)
                .kafka;
    }

    private static final class Running implements AutoCloseable {
        private final Path dataDir;
        private final EmbeddedKafka kafka;

        Running() {
            try {
                dataDir = Files.createTempDirectory("unpark-broker");
                kafka = EmbeddedKafka.start(dataDir);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            kafka.close();
            List<Path> children;
            try (Stream<Path> paths = Files.walk(dataDir)) {
                children = paths.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : children) {
                Files.delete(path);
            }
        }
    }
}
