/** What is kept of anomalies, windows, requests, slices and notices, and what is asked of it. Nothing here knows Kafka or HTTP, or how it is kept. */
package io.unpark.sink.store;
