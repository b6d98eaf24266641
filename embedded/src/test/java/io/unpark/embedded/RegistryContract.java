package io.unpark.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.schemas.Topic;
import io.unpark.schemas.Topics;
import io.unpark.schemas.registry.RegistryClient;
import io.unpark.schemas.registry.RegistryException;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.errors.SerializationException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the serdes rely on, of any registry: ours, the one in memory, and others that speak Confluent's API. */
abstract class RegistryContract {
    static final Schema V1 =
            SchemaBuilder.record("test.Order").fields().requiredString("id").endRecord();
    static final Schema V2 = SchemaBuilder.record("test.Order")
            .fields()
            .requiredString("id")
            .optionalLong("amount")
            .endRecord();
    static final Schema INCOMPATIBLE = SchemaBuilder.record("test.Order")
            .fields()
            .requiredString("id")
            .requiredLong("without_default")
            .endRecord();

    /** A subject that no other test uses, with characters that a path must escape. */
    final String subject = "go/a b%+-" + UUID.randomUUID() + "-value";

    /** A client without anything cached. */
    abstract RegistryClient registry();

    @Test
    void aSchemaIsFoundByItsId() {
        int id = registry().register(subject, V1);

        assertThat(id).isPositive();
        assertThat(registry().schemaOf(id)).isEqualTo(V1);
    }

    @Test
    void registeringAgainGivesTheSameIdAndNoVersion() {
        int id = registry().register(subject, V1);

        assertThat(registry().register(subject, V1)).isEqualTo(id);
        assertThat(registry().latest(subject).version()).isEqualTo(1);
    }

    @Test
    void oneSchemaHasOneIdUnderAllSubjects() {
        int id = registry().register(subject, V1);

        assertThat(registry().register(subject + "2", V1)).isEqualTo(id);
    }

    @Test
    void aCompatibleSchemaBecomesTheLatestVersion() {
        registry().register(subject, V1);

        int id = registry().register(subject, V2);

        assertThat(registry().latest(subject)).satisfies(latest -> {
            assertThat(latest.version()).isEqualTo(2);
            assertThat(latest.id()).isEqualTo(id);
            assertThat(latest.schema()).isEqualTo(V2);
        });
    }

    @Test
    void anIncompatibleSchemaIsRefused() {
        registry().register(subject, V1);

        assertThat(registry().isCompatible(subject, V2)).isTrue();
        assertThat(registry().isCompatible(subject, INCOMPATIBLE)).isFalse();
        assertRefused(() -> registry().register(subject, INCOMPATIBLE), RegistryException.INCOMPATIBLE);
        assertThat(registry().latest(subject).schema()).isEqualTo(V1);
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertRefused(() -> registry().latest(subject), RegistryException.SUBJECT_NOT_FOUND);
        assertRefused(() -> registry().idOf(subject, V1), RegistryException.SUBJECT_NOT_FOUND);
        assertThat(registry().isCompatible(subject, V1)).isTrue();

        registry().register(subject, V1);

        assertThat(registry().idOf(subject, V1))
                .isEqualTo(registry().latest(subject).id());
        assertRefused(() -> registry().idOf(subject, V2), RegistryException.SCHEMA_NOT_FOUND);
        assertThatThrownBy(() -> registry().schemaOf(Integer.MAX_VALUE))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("no schema with id 2147483647");
    }

    @Test
    void allSchemasOfTheTopicsAreTaken() {
        for (Topic<?, ?> topic : Topics.all()) {
            topic.valueSchema().ifPresent(schema -> {
                String ofTopic = topic.name() + subject;

                int id = registry().register(ofTopic, schema);

                assertThat(registry().idOf(ofTopic, schema)).isEqualTo(id);
                assertThat(registry().schemaOf(id).getFullName()).isEqualTo(schema.getFullName());
            });
        }
    }

    static void assertRefused(ThrowingCallable call, int errorCode) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        refused -> assertThat(refused.errorCode()).isEqualTo(errorCode));
    }
}
