package io.unpark.app.roles;

import java.util.Optional;

/** What a process does against a real cluster, with a port of its own for probes, metrics and what it serves. */
public interface Role extends AutoCloseable {
    /** Where it listens. */
    String url();

    /** Why it stopped for good; empty while it has not. */
    Optional<String> failure();

    /** Commits what it has, leaves its group and stops. */
    @Override
    void close();
}
