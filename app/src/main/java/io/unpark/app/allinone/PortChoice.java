package io.unpark.app.allinone;

/**
 * Loopback ports, 0 to 65535; 0 is any free one.
 *
 * @param web page, API and pushes
 * @param kafka the broker; 0 keeps the one of the data folder's last run when that is free
 * @param registry schemas
 */
public record PortChoice(int web, int kafka, int registry) {
    private static final int MAX = 65_535;

    public PortChoice {
        if (!isPort(web) || !isPort(kafka) || !isPort(registry)) {
            throw new IllegalArgumentException("a port is 0 to " + MAX);
        }
    }

    private static boolean isPort(int port) {
        return 0 <= port && port <= MAX;
    }

    /** Any free one for what only this process and those who are told need. */
    public static PortChoice web(int port) {
        return new PortChoice(port, 0, 0);
    }
}
