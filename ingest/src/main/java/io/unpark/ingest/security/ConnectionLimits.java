package io.unpark.ingest.security;

import java.time.Duration;

/**
 * What a connection may take before it is closed, whoever is at its other end.
 *
 * @param idle without a byte in either direction
 * @param header from the first byte of a request until its header is whole, and for the handshake of TLS
 * @param bodyGrace that may be spent waiting for a body, beyond what the least rate allows
 * @param leastBodyBytesPerSecond on average, while it is waited for
 * @param maxConnections at once; the next ones wait to be accepted
 */
public record ConnectionLimits(
        Duration idle, Duration header, Duration bodyGrace, int leastBodyBytesPerSecond, int maxConnections) {
    public static final ConnectionLimits DEFAULT =
            new ConnectionLimits(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10), 4096, 2_000);
}
