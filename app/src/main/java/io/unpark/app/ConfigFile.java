package io.unpark.app;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.config.ConfigReader;
import io.unpark.analysis.config.ConfigReader.ConfigException;
import io.unpark.analysis.config.Settled;
import io.unpark.app.console.UserError;
import io.unpark.ingest.config.CollectorConfig;
import io.unpark.ingest.config.CollectorConfigException;
import io.unpark.sink.notify.NotifyConfig;
import io.unpark.sink.notify.NotifyConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The option {@code --config}: the same file for every verb that analyses. */
final class ConfigFile {
    private static final Path DEFAULT = Path.of("unpark.yaml");
    private static final long MAX_BYTES = 1 << 20;
    private static final String COLLECTOR = "collector";
    private static final String NOTIFY = "notify";
    private static final List<String> NOT_ANALYSIS =
            List.of(COLLECTOR, NOTIFY, ServerSettings.SECTION, ClientSettings.KAFKA, ClientSettings.STREAMS);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Thresholds and more, as YAML; unpark.yaml of the current folder when left out and there.")
    private Path file;

    /** Another file, for verbs that take two. */
    static ConfigFile of(Path file) {
        ConfigFile config = new ConfigFile();
        config.file = file;
        return config;
    }

    /** The file's settings, those of the environment over them, defaults for the rest. */
    AnalysisConfig read(Map<String, String> environment) {
        return read(values -> ConfigReader.read(ofAnalysis(values), environment));
    }

    /** Every value in force, and where it comes from. */
    List<Settled> settled(Map<String, String> environment) {
        return read(values -> {
            SecurityOptions.check(serverSection(values), environment);
            collectorSection(values);
            clientsSections(values);
            notifySection(values, environment);
            return Settled.all(ofAnalysis(values), environment);
        });
    }

    /** What the section {@code collector} says; relative paths in it start from the file's folder. */
    CollectorConfig collector() {
        return read(this::collectorSection);
    }

    private CollectorConfig collectorSection(Map<?, ?> values) {
        return CollectorConfig.read(new ObjectMapper().valueToTree(values.get(COLLECTOR)), folder());
    }

    /** What the section {@code notify} says; relative paths in it start from the file's folder, and secrets may be in the environment. */
    NotifyConfig notifications(Map<String, String> environment) {
        return read(values -> notifySection(values, environment));
    }

    private NotifyConfig notifySection(Map<?, ?> values, Map<String, String> environment) {
        return NotifyConfig.read(new ObjectMapper().valueToTree(values.get(NOTIFY)), folder(), environment);
    }

    private Path folder() {
        return chosen().toAbsolutePath().getParent();
    }

    /** What is said about the server. */
    ServerSettings server(Map<String, String> environment) {
        return read(values -> ServerSettings.of(serverSection(values), environment));
    }

    private static Map<?, ?> serverSection(Map<?, ?> values) {
        Object section = values.get(ServerSettings.SECTION);
        if (section != null && !(section instanceof Map<?, ?>)) {
            throw UserError.usage("'server' takes keys and values");
        }
        return section == null ? Map.of() : (Map<?, ?>) section;
    }

    /** The sections of others left out. */
    private static Map<?, ?> ofAnalysis(Map<?, ?> values) {
        Map<Object, Object> rest = new LinkedHashMap<>(values);
        rest.keySet().removeAll(NOT_ANALYSIS);
        return rest;
    }

    /** What the sections {@code kafka} and {@code streams} say. */
    ClientSettings clients() {
        return read(ConfigFile::clientsSections);
    }

    private static ClientSettings clientsSections(Map<?, ?> values) {
        return ClientSettings.ofSections(values.get(ClientSettings.KAFKA), values.get(ClientSettings.STREAMS));
    }

    /** The file that is read, for messages. */
    String name() {
        return Files.exists(chosen()) ? chosen().toString() : "no file";
    }

    private Path chosen() {
        return file != null ? file : DEFAULT;
    }

    private <T> T read(Function<Map<?, ?>, T> reader) {
        boolean isThere = Files.exists(chosen());
        if (file != null && !isThere) {
            throw UserError.usage("there is no " + file);
        }
        try {
            return reader.apply(isThere ? parse(chosen()) : Map.of());
        } catch (ConfigException | CollectorConfigException | NotifyConfigException e) {
            throw UserError.usage((isThere ? chosen() + " and environment: " : "environment: ") + e.getMessage());
        } catch (IOException e) {
            throw UserError.usage("cannot read " + chosen() + ": " + reason(e));
        }
    }

    private static Map<?, ?> parse(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("larger than " + MAX_BYTES + " bytes");
        }
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        JsonNode root = yaml.readTree(Files.readAllBytes(file));
        if (root.isMissingNode() || root.isNull()) {
            return Map.of();
        }
        if (!root.isObject()) {
            throw new IOException("expected keys and values");
        }
        return yaml.convertValue(root, Map.class);
    }

    /** Jackson's messages have many lines; the first one and the place are enough. */
    private static String reason(IOException e) {
        if (e instanceof JacksonException broken && broken.getLocation() != null) {
            String what = broken.getOriginalMessage().lines().findFirst().orElse("not YAML");
            return what + " in line " + broken.getLocation().getLineNr();
        }
        return e.getMessage();
    }
}
