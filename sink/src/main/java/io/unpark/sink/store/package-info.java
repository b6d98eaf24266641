/** What is kept of anomalies, windows, requests and slices, and where; plain SQL. Nothing here knows Kafka or HTTP. */
package io.unpark.sink.store;
