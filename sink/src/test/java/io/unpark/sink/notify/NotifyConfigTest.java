package io.unpark.sink.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.sink.store.AnomalyFacts;
import io.unpark.sink.store.NoticeVerdict;
import io.unpark.sink.store.StateRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotifyConfigTest {
    private static final AnomalyFacts LEAK =
            new AnomalyFacts("id", "shop", "orders", "goroutine_leak", "warning", "likely", true);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{receiver: []} | 'notify.receiver'; known here are external_url, group_wait",
                "{receivers: {}} | 'notify.receivers'",
                "{receivers: [{type: webhook}]} | 'notify.receivers[0].name'",
                "{receivers: [{name: a, type: mail}]} | alertmanager or webhook",
                "{receivers: [{name: a, type: alertmanager}]} | 'notify.receivers[0].url': is missing",
                "{receivers: [{name: a, type: alertmanager, url: 'file:///etc/passwd'}]} | only http and https",
                "{receivers: [{name: a, type: alertmanager, url: 'http://u:p@h/'}]} | no user and password",
                "{receivers: [{name: a, type: alertmanager, url: 'http:/h'}]} | only http and https",
                "{receivers: [{name: a, type: alertmanager, url_env: GONE}]} | the environment has no GONE",
                "{receivers: [{name: a, type: alertmanager, url_file: gone}]} | cannot be read",
                "{receivers: [{name: a, type: webhook, url: 'http://h/'}]} | unsigned: true",
                "{receivers: [{name: a, type: webhook, url: 'http://h/', secret: x}]} | 'notify.receivers[0].secret'",
                "{receivers: [{name: a, type: webhook, url: 'http://h/', secret_env: SHORT}]} | less than 16",
                "{receivers: [{name: a, type: alertmanager, url: 'http://h/', min_severity: bad}]} | info, warning",
                "{receivers: [{name: a, type: alertmanager, url: 'http://h/', match: ['x=1']}]} | no label 'x'",
                "{receivers: [{name: a, type: alertmanager, url: 'http://h/', match: ['kind=~\"(\"']}]} | match[0]",
                "{receivers: [{name: a, type: alertmanager, url: 'http://h/', group_by: [severity]}]} | group_by",
                "{receivers: [{name: a, type: alertmanager, url: 'http://h/', labels: {kind: x}}]} | labels.kind",
                "{receivers: [{name: a, type: alertmanager, url: 'http://h/', timeout: 1h}]} | timeout",
                "{silences: [{match: []}]} | all would be silent",
                "{silences: [{match: [kind=x], until: soon}]} | until",
                "{queue: {max_rows: 0}} | max_rows",
                "{external_url: 'javascript:alert(1)'} | external_url"
            })
    void aMistakeIsToldWithItsPlace(String yaml, String told) {
        assertThatThrownBy(() -> Told.read(yaml, Map.of("SHORT", "short")))
                .isInstanceOf(NotifyConfigException.class)
                .hasMessageContaining(told);
    }

    @Test
    void aSecretIsNeitherPrintedNorInMistakes() throws IOException {
        Map<String, String> environment = Map.of("URL", "file://hooks/s3cret", "KEY", "s3cret-0123456789");
        assertThatThrownBy(() -> Told.read("{receivers: [{name: a, type: alertmanager, url_env: URL}]}", environment))
                .hasMessageNotContaining("s3cret");

        NotifyConfig config = Told.read(
                "{receivers: [{name: a, type: webhook, url: 'http://h/s3cret', secret_env: KEY}]}", environment);

        assertThat(config.toString()).doesNotContain("s3cret");
    }

    @Test
    void aSecretInAFileMayChange() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "0123456789abcdef\n");
        NotifyConfig config = Told.read(
                "{receivers: [{name: a, type: webhook, url: 'http://h/', secret_file: '" + file + "'}]}", Map.of());

        Files.writeString(file, "another-key-0123456789\n");

        assertThat(config.receivers().get(0).signing().orElseThrow().read()).isEqualTo("another-key-0123456789");
    }

    @Test
    void defaultsAreThoseOfThePage() throws IOException {
        NotifyConfig config = Told.read("{receivers: [{name: a, type: alertmanager, url: 'http://h/'}]}", Map.of());

        ReceiverConfig receiver = config.receivers().get(0);
        assertThat(receiver.severities()).containsExactly("info", "warning", "critical");
        assertThat(receiver.confidences()).containsExactly("likely", "certain");
        assertThat(receiver.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(receiver.resend()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.ageMax()).isEqualTo(Duration.ofDays(3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | [] | TELL",
                "{min_severity: critical} | [] | IGNORE",
                "{min_confidence: certain} | [] | IGNORE",
                "{match: ['service=\"orders\"', 'kind=~\"goroutine_.*\"']} | [] | TELL",
                "{match: ['service!=orders']} | [] | IGNORE",
                "{match: ['kind=~\"goroutine\"']} | [] | IGNORE",
                "{match: ['kind!~\"gc_.*\"']} | [] | TELL",
                "{} | [{match: [namespace=shop, service=orders]}] | SILENCE",
                "{} | [{match: [namespace=shop, service=payment]}] | TELL",
                "{} | [{match: [service=orders], until: '2026-11-23T00:00:01Z'}] | SILENCE",
                "{} | [{match: [service=orders], until: '2026-11-23T00:00:00Z'}] | TELL"
            })
    void filtersAndSilences(String receiver, String silences, NoticeVerdict expected) throws IOException {
        String more = receiver.equals("{}") ? "" : ", " + receiver.substring(1, receiver.length() - 1);
        NotifyConfig config = Told.read(
                "{receivers: [{name: a, type: alertmanager, url: 'http://h/'" + more + "}], silences: " + silences
                        + "}",
                Map.of());

        assertThat(Notifier.rules(config, () -> new StateRule(Told.START_MS, 1)).verdict("a", LEAK))
                .isEqualTo(expected);
    }
}
