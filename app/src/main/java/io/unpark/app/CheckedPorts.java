package io.unpark.app;

import io.unpark.app.allinone.PortChoice;
import io.unpark.app.console.UserError;

/** Ports as the command line has them. */
final class CheckedPorts {
    private CheckedPorts() {}

    static PortChoice of(int web, int kafka, int registry) {
        try {
            return new PortChoice(web, kafka, registry);
        } catch (IllegalArgumentException e) {
            throw UserError.usage(e.getMessage());
        }
    }
}
