package io.unpark.sink.notify;

import java.time.Duration;
import java.util.Optional;

/** How an attempt ended. */
sealed interface SendOutcome {
    /** The receiver has it. */
    record Delivered() implements SendOutcome {}

    /** It may work later. {@code after}: the receiver asks for so much time. */
    record Failed(String error, Optional<Duration> after) implements SendOutcome {}

    /** The receiver will never take this content. */
    record Refused(String error) implements SendOutcome {}
}
