package io.unpark.sink.notify;

import static io.unpark.sink.notify.NotifyValues.duration;
import static io.unpark.sink.notify.NotifyValues.each;
import static io.unpark.sink.notify.NotifyValues.from;
import static io.unpark.sink.notify.NotifyValues.mistake;
import static io.unpark.sink.notify.NotifyValues.number;
import static io.unpark.sink.notify.NotifyValues.url;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.sink.notify.NotifyFile.Quiet;
import io.unpark.sink.notify.NotifyFile.Receiver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks what the section says. */
final class NotifyReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,99}");
    private static final int RECEIVERS_MAX = 20;
    private static final int SIGNING_CHARS_MIN = 16;
    private static final List<String> SEVERITIES = List.of("info", "warning", "critical");
    private static final List<String> CONFIDENCES = List.of("possible", "likely", "certain");
    /** What stands while an anomaly does: its notices must stay in one queue's order. */
    private static final Set<String> GROUPS = Set.of("namespace", "service", "kind", "anomaly");

    private final Path folder;
    private final Map<String, String> environment;

    NotifyReader(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    NotifyConfig read(JsonNode section) {
        NotifyFile file = NotifyFile.of(section);
        NotifyConfig usual = NotifyConfig.NONE;
        NotifyFile.Queue queue = Optional.ofNullable(file.queue()).orElse(new NotifyFile.Queue(null, null, null));
        List<ReceiverConfig> receivers = each("notify.receivers", file.receivers(), this::receiver);
        if (receivers.size() > RECEIVERS_MAX) {
            throw mistake("notify.receivers", "at most " + RECEIVERS_MAX + " are possible");
        }
        Set<String> names = new HashSet<>();
        for (ReceiverConfig receiver : receivers) {
            if (!names.add(receiver.name())) {
                throw mistake("notify.receivers", "two are called " + receiver.name());
            }
        }
        return new NotifyConfig(
                receivers,
                each("notify.silences", file.silences(), NotifyReader::silence),
                Optional.ofNullable(file.externalUrl()).map(it -> url("notify.external_url", it)),
                duration(
                        "notify.group_wait", file.groupWait(), usual.groupWait(), Duration.ZERO, Duration.ofMinutes(5)),
                number("notify.queue.max_rows", queue.maxRows(), usual.rowsMax(), 1_000_000),
                duration(
                        "notify.queue.max_age",
                        queue.maxAge(),
                        usual.ageMax(),
                        Duration.ofMinutes(1),
                        Duration.ofDays(30)),
                number("notify.queue.max_attempts", queue.maxAttempts(), usual.attemptsMax(), 1_000_000));
    }

    private ReceiverConfig receiver(String path, Receiver it) {
        if (it.name() == null || !NAME.matcher(it.name()).matches()) {
            throw mistake(path + ".name", "letters, digits and _ . - are expected");
        }
        ReceiverType type = type(path, it.type());
        Duration day = Duration.ofDays(1);
        Optional<Secret> token = secret(path + ".token", null, it.tokenEnv(), it.tokenFile());
        return new ReceiverConfig(
                it.name(),
                type,
                receiverUrl(path, it),
                token,
                signing(path, type, it),
                from(path + ".min_severity", SEVERITIES, it.minSeverity(), "info"),
                from(path + ".min_confidence", CONFIDENCES, it.minConfidence(), "likely"),
                matchers(path, it.match()),
                groups(path, it.groupBy()),
                duration(
                        path + ".timeout",
                        it.timeout(),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(100),
                        Duration.ofMinutes(1)),
                duration(path + ".resend", it.resend(), Duration.ofMinutes(5), Duration.ofSeconds(1), day),
                labels(path, type, it.labels()));
    }

    private static ReceiverType type(String path, String word) {
        for (ReceiverType type : ReceiverType.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(word)) {
                return type;
            }
        }
        throw mistake(path + ".type", "alertmanager or webhook is expected");
    }

    private Secret receiverUrl(String path, Receiver it) {
        String key = path + ".url";
        Secret url = secret(key, it.url(), it.urlEnv(), it.urlFile())
                .orElseThrow(() -> mistake(key, "is missing; url, url_env or url_file is expected"));
        url(key, read(key, url));
        return url;
    }

    private Optional<Secret> signing(String path, ReceiverType type, Receiver it) {
        String key = path + ".secret";
        Optional<Secret> secret = secret(key, null, it.secretEnv(), it.secretFile());
        boolean unsigned = Boolean.TRUE.equals(it.unsigned());
        if (type == ReceiverType.ALERTMANAGER && (secret.isPresent() || unsigned)) {
            throw mistake(key, "Alertmanager knows no signatures");
        }
        if (type == ReceiverType.WEBHOOK && secret.isPresent() == unsigned) {
            throw mistake(key, "secret_env, secret_file or 'unsigned: true' is expected, one of them");
        }
        if (secret.isPresent() && read(key, secret.get()).length() < SIGNING_CHARS_MIN) {
            throw mistake(key, "has less than " + SIGNING_CHARS_MIN + " characters");
        }
        return secret;
    }

    private Optional<Secret> secret(String key, String plain, String variable, String file) {
        List<String> given =
                Stream.of(plain, variable, file).filter(Objects::nonNull).toList();
        if (given.size() > 1) {
            throw mistake(key, "is given more than once");
        }
        Optional<Secret> secret = Optional.empty();
        if (plain != null) {
            secret = Optional.of(Secret.of(plain));
        } else if (variable != null) {
            String value = environment.get(variable);
            if (value == null || value.isBlank()) {
                throw mistake(key + "_env", "the environment has no " + variable);
            }
            secret = Optional.of(Secret.of(value.strip()));
        } else if (file != null) {
            secret = Optional.of(Secret.ofFile(folder.resolve(file)));
        }
        secret.ifPresent(it -> read(key, it));
        return secret;
    }

    private static String read(String key, Secret secret) {
        try {
            return secret.read();
        } catch (IOException e) {
            throw mistake(key + "_file", "cannot be read: " + e.getMessage());
        }
    }

    private static List<Matcher> matchers(String path, List<String> texts) {
        return each(path + ".match", texts, (key, text) -> {
            try {
                return Matcher.parse(text);
            } catch (NotifyConfigException e) {
                throw mistake(key, e.getMessage());
            }
        });
    }

    private static Silence silence(String path, Quiet it) {
        List<Matcher> matchers = matchers(path, it.match());
        if (matchers.isEmpty()) {
            throw mistake(path + ".match", "is missing; all would be silent");
        }
        try {
            return new Silence(matchers, it.until() == null ? Instant.MAX : Instant.parse(it.until()));
        } catch (DateTimeParseException e) {
            throw mistake(path + ".until", "a time such as 2026-12-01T08:00:00Z is expected");
        }
    }

    private static List<String> groups(String path, List<String> labels) {
        List<String> groups = labels == null ? List.of("namespace", "service") : labels;
        for (String label : groups) {
            if (label == null || !GROUPS.contains(label)) {
                throw mistake(
                        path + ".group_by",
                        "only " + String.join(", ", GROUPS.stream().sorted().toList()) + " are possible");
            }
        }
        return groups;
    }

    private static Map<String, String> labels(String path, ReceiverType type, Map<String, String> labels) {
        Map<String, String> all = labels == null ? Map.of() : labels;
        if (type == ReceiverType.WEBHOOK && !all.isEmpty()) {
            throw mistake(path + ".labels", "are for Alertmanager only");
        }
        all.forEach((name, value) -> {
            if (!LABEL.matcher(name).matches() || value == null || AlertmanagerMessage.OWN_LABELS.contains(name)) {
                throw mistake(path + ".labels." + name, "cannot be used");
            }
        });
        return all;
    }
}
