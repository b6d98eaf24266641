/** For Kafka Connect, which brings {@code connect-api} itself: whoever does not use it needs neither. */
package io.unpark.schemas.connect;
