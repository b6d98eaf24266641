package io.unpark.app;

import java.nio.file.Path;

/** The project's folder, which the launcher tells. */
final class ProjectHome {
    private ProjectHome() {}

    static Path resolve(String first, String... more) {
        return Path.of(System.getProperty("unpark.home", "")).toAbsolutePath().resolve(Path.of(first, more));
    }
}
