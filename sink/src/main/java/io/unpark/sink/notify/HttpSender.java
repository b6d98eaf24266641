package io.unpark.sink.notify;

import io.unpark.sink.notify.SendOutcome.Delivered;
import io.unpark.sink.notify.SendOutcome.Failed;
import io.unpark.sink.notify.SendOutcome.Refused;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Posts bodies to one receiver. Redirects are failures: a message goes where the configuration says, or nowhere. */
final class HttpSender {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration AFTER_MAX = Duration.ofHours(1);
    /** What is wrong with the content; all else may be mended at the receiver, or in the configuration. */
    private static final Set<Integer> REFUSALS = Set.of(400, 413, 422);

    private final ReceiverConfig receiver;
    private final Clock clock;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(Redirect.NEVER)
            .version(Version.HTTP_1_1)
            .build();

    HttpSender(ReceiverConfig receiver, Clock clock) {
        this.receiver = receiver;
        this.clock = clock;
    }

    /** @param key the same for the same content, however often it is sent */
    SendOutcome post(byte[] body, String key) throws InterruptedException {
        HttpRequest request;
        try {
            request = request(body, key);
        } catch (IOException e) {
            return new Failed(e.getMessage(), Optional.empty());
        } catch (IllegalArgumentException e) {
            // Without the message, which may quote a token.
            return new Failed("its address or token cannot be used; see unpark config check", Optional.empty());
        }
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request, info -> new FirstBytes(isGood(info.statusCode())));
        try {
            return outcome(answer.get(receiver.timeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return new Failed("no answer within " + receiver.timeout().toMillis() + " ms", Optional.empty());
        } catch (ExecutionException e) {
            return new Failed(reason(e.getCause()), Optional.empty());
        } finally {
            answer.cancel(true);
        }
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private HttpRequest request(byte[] body, String key) throws IOException {
        URI url = ReceiverUrl.parse(receiver.url().read());
        if (receiver.type() == ReceiverType.ALERTMANAGER) {
            url = URI.create(url.toString().replaceFirst("/+$", "") + "/api/v2/alerts");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(receiver.timeout())
                .header("Content-Type", "application/json")
                .header("User-Agent", "unpark")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofByteArray(body));
        if (receiver.token().isPresent()) {
            request.header("Authorization", "Bearer " + receiver.token().get().read());
        }
        if (receiver.signing().isPresent()) {
            long unixSeconds = clock.instant().getEpochSecond();
            request.header("Unpark-Timestamp", String.valueOf(unixSeconds));
            request.header(
                    "Unpark-Signature", Signature.of(receiver.signing().get().read(), unixSeconds, body));
        }
        return request.build();
    }

    private static boolean isGood(int status) {
        return status / 100 == 2;
    }

    private SendOutcome outcome(HttpResponse<String> answer) {
        int status = answer.statusCode();
        if (isGood(status)) {
            return new Delivered();
        }
        String error = "status " + status
                + (answer.body().isBlank() ? "" : ": " + answer.body().strip());
        return REFUSALS.contains(status)
                ? new Refused(error)
                : new Failed(error, answer.headers().firstValue("Retry-After").flatMap(this::after));
    }

    /** In seconds, or as a date. */
    private Optional<Duration> after(String header) {
        Duration after;
        try {
            after = header.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(header))
                    : Duration.between(
                            clock.instant(),
                            ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
        return after.isNegative() ? Optional.empty() : Optional.of(after.compareTo(AFTER_MAX) > 0 ? AFTER_MAX : after);
    }
}
