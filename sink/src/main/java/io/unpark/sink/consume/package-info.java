/** From Kafka to the store: records to rows, exactly once; and the copies of trace slices. */
package io.unpark.sink.consume;
