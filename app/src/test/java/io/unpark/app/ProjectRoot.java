package io.unpark.app;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project lies: tests run in the room's folder, or in the root. */
final class ProjectRoot {
    private ProjectRoot() {}

    static Path folder() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("unpark")) ? here : here.getParent();
    }
}
