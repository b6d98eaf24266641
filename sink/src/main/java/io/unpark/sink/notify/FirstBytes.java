package io.unpark.sink.notify;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The beginning of an answer, for messages about it; the rest is not read. */
final class FirstBytes implements BodySubscriber<String> {
    private static final int BYTES_MAX = 300;

    private final int bytesMax;
    private final CompletableFuture<String> body = new CompletableFuture<>();
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private Flow.Subscription subscription;

    /** Of a good answer nothing is of interest. */
    FirstBytes(boolean good) {
        bytesMax = good ? 0 : BYTES_MAX;
    }

    @Override
    public CompletionStage<String> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription = newSubscription;
        if (bytesMax == 0) {
            end();
        } else {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            byte[] some = new byte[Math.min(buffer.remaining(), bytesMax - read.size())];
            buffer.get(some);
            read.writeBytes(some);
        }
        if (read.size() == bytesMax) {
            end();
        }
    }

    private void end() {
        subscription.cancel();
        onComplete();
    }

    @Override
    public void onError(Throwable broken) {
        body.completeExceptionally(broken);
    }

    @Override
    public void onComplete() {
        // Printable: it goes to logs and terminals.
        body.complete(read.toString(StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}+", " "));
    }
}
