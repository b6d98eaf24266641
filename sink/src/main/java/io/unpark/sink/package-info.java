/** The sink: anomalies to a database, HTTP API, web page. {@link io.unpark.sink.Sink} is what a process starts. */
package io.unpark.sink;
