package io.unpark.ingest.security;

/**
 * What one client may ask of a server. A client is whom its token or certificate names, else its address.
 *
 * @param pushesPerSecond over some time; twice as many at once
 * @param bytesPerSecond of bodies as they come, compressed as a rule; four seconds' worth at once
 * @param concurrentPushes being read at the same time; more wait, see {@link PushClient}
 */
public record ClientLimits(int pushesPerSecond, long bytesPerSecond, int concurrentPushes) {
    /** Some hundred instances of a service, each with a second of trace a second. */
    public static final ClientLimits DEFAULT = new ClientLimits(400, 64L << 20, 6);

    static final int PUSH_BURST_SECONDS = 2;
    static final int BYTE_BURST_SECONDS = 4;

    /** Throws {@link IllegalArgumentException} for what would let nobody through. */
    public ClientLimits {
        if (pushesPerSecond < 1 || bytesPerSecond < 1 || concurrentPushes < 1) {
            throw new IllegalArgumentException("limits of a client must be positive");
        }
    }
}
