package io.unpark.app;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test opened; closed after it, the last one first. */
final class Opened implements AfterEachCallback {
    private final List<AutoCloseable> all = new ArrayList<>();

    /** Remembers it and hands it back. */
    <T extends AutoCloseable> T add(T it) {
        all.add(0, it);
        return it;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable it : all) {
            it.close();
        }
    }
}
