package io.unpark.ingest;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of recordings that lies beside the project, where it does: system property or environment UNPARK_SHARED, or ../shared. */
final class SharedFolder {
    private SharedFolder() {}

    /** A file or folder in it; null when it is not there. */
    static Path find(String name) {
        String configured = System.getProperty("UNPARK_SHARED", System.getenv("UNPARK_SHARED"));
        if (configured != null) {
            Path path = Path.of(configured, name);
            return Files.exists(path) ? path : null;
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path path = at.resolve("shared").resolve(name);
            if (Files.exists(path)) {
                return path;
            }
        }
        return null;
    }

    /** Prints and returns why a test is skipped. */
    static String skipped(String name) {
        String reason = "skipped: no " + name + " in a folder named shared beside the project, nor in UNPARK_SHARED";
        System.out.println(reason);
        return reason;
    }
}
