/** The HTTP API and the web page over the store; one class per resource. */
package io.unpark.sink.api;
