package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * What a stack tells about the user's code.
 *
 * @param userLine the user's innermost frame, or null
 */
record Shape(Frame userLine) {

    /** The shapes of interned stacks: looked at once each. */
    static final class Cache {
        private final Map<Stack, Shape> known = new IdentityHashMap<>();
        private final UserCode userCode;

        Cache(UserCode userCode) {
            this.userCode = userCode;
        }

        Shape of(Stack interned) {
            return known.computeIfAbsent(
                    interned, stack -> new Shape(userCode.line(stack).orElse(null)));
        }

        /** Shapes of stacks that the table forgot are forgotten too. */
        void clear() {
            known.clear();
        }
    }
}
