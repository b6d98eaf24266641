package io.unpark.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.unpark.schemas.Topic;
import io.unpark.schemas.Topics;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rooms' directions and what each may touch: docs/adr/0001-rooms.md says why. */
class ArchitectureTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("testkit"))
            .importPackages("io.unpark");

    /** Room to the rooms that it may depend on. */
    private static final Map<String, List<String>> DIRECTIONS = Map.of(
            "trace", List.of(),
            "schemas", List.of(),
            "analysis", List.of("trace"),
            "ingest", List.of("trace", "schemas"),
            "streams", List.of("analysis", "schemas", "trace"),
            "sink", List.of("schemas", "analysis", "trace"),
            "embedded", List.of("schemas"),
            "app", List.of("trace", "schemas", "analysis", "ingest", "streams", "sink", "embedded"));

    @TestFactory
    Stream<DynamicTest> roomsDependOnlyOnTheRoomsBelowThem() {
        return DIRECTIONS.entrySet().stream()
                .map(room -> DynamicTest.dynamicTest(room.getKey(), () -> checkDirection(room.getKey())));
    }

    private static void checkDirection(String room) {
        List<String> below = DIRECTIONS.get(room);
        String[] above = DIRECTIONS.keySet().stream()
                .filter(other -> !other.equals(room) && !below.contains(other))
                .map(ArchitectureTest::packagesOf)
                .toArray(String[]::new);
        if (above.length > 0) {
            noClasses()
                    .that()
                    .resideInAPackage(packagesOf(room))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .check(ALL);
        }
        assertThat(ALL.stream().filter(type -> type.getPackageName().startsWith("io.unpark." + room)))
                .as("classes of the room %s", room)
                .isNotEmpty();
    }

    @Test
    void everyClassIsInARoom() {
        classes()
                .should()
                .resideInAnyPackage(DIRECTIONS.keySet().stream()
                        .map(ArchitectureTest::packagesOf)
                        .toArray(String[]::new))
                .check(ALL);
    }

    @Test
    void packagesWithinARoomHaveNoCycles() {
        slices().matching("io.unpark.(*).(*)..").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void whatIsKeptDoesNotKnowHow() {
        noClasses()
                .that()
                .resideInAPackage("io.unpark.sink.store")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.unpark.sink.store.*", "com.zaxxer..", "org.flywaydb..", "javax.sql..")
                .check(ALL);
    }

    @Test
    void theDecoderNeedsNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage(packagesOf("trace"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packagesOf("trace"), "java..")
                .check(ALL);
    }

    @Test
    void theAnalysisNeedsNeitherKafkaNorFilesNorNetwork() {
        noClasses()
                .that()
                .resideInAPackage(packagesOf("analysis"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache..",
                        "java.sql..",
                        "java.net.http..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "io.javalin..",
                        "com.fasterxml..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(File.class, FileInputStream.class, FileOutputStream.class, URL.class, Socket.class)
                .check(ALL);
    }

    @Test
    void theAnalysisHasNoClock() {
        noClasses()
                .that()
                .resideInAPackage(packagesOf("analysis"))
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Clock.class, "systemDefaultZone")
                .check(ALL);
    }

    @Test
    void onlyStreamsKnowsKafkaStreams() {
        onlyIn("streams", "org.apache.kafka.streams..");
    }

    @Test
    void onlyTheSinkKnowsSql() {
        onlyIn("sink", "java.sql..");
    }

    @Test
    void onlyTheEmbeddedBrokerKnowsTheServersClasses() {
        onlyIn("embedded", "kafka..");
    }

    @Test
    void onlyTheAppKnowsTheCommandLine() {
        onlyIn("app", "picocli..");
        noClasses()
                .that()
                .resideOutsideOfPackage(packagesOf("app"))
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(ALL);
    }

    @Test
    void nothingStaticChanges() {
        fields().that().areStatic().should().beFinal().check(ALL);
    }

    @Test
    void topicNamesAreInTheTopicTableOnly() throws IOException {
        List<String> quoted = Topics.all().stream()
                .map(Topic::name)
                .map(name -> '"' + name + '"')
                .toList();
        try (Stream<Path> sources = Files.walk(ProjectRoot.folder())) {
            List<Path> offenders = sources.filter(ArchitectureTest::isMainSourceOutsideSchemas)
                    .filter(source -> quoted.stream().anyMatch(read(source)::contains))
                    .toList();
            assertThat(offenders).isEmpty();
        }
    }

    private static boolean isMainSourceOutsideSchemas(Path file) {
        String path = ProjectRoot.folder().relativize(file).toString().replace('\\', '/');
        return path.endsWith(".java") && path.contains("/src/main/java/") && !path.startsWith("schemas/");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError("cannot read " + file, e);
        }
    }

    private static void onlyIn(String room, String packages) {
        noClasses()
                .that()
                .resideOutsideOfPackage(packagesOf(room))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(packages)
                .check(ALL);
    }

    private static String packagesOf(String room) {
        return "io.unpark." + room + "..";
    }
}
