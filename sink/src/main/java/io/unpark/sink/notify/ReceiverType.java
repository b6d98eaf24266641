package io.unpark.sink.notify;

/** What a receiver understands. */
enum ReceiverType {
    /** Alertmanager's API, version 2. */
    ALERTMANAGER,
    /** A POST of JSON, signed. */
    WEBHOOK
}
