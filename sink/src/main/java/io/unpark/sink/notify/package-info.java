/** Tells receivers of anomalies that open, get worse, end and come back: docs/notifications.md, ADR 31. */
package io.unpark.sink.notify;
