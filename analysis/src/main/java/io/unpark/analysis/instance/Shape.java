package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a stack tells about the user's code.
 *
 * @param userLine the user's innermost frame, or null
 * @param ownWait no library stands between the user's code and the wait
 */
record Shape(Frame userLine, boolean ownWait) {

    /** The shapes of interned stacks: looked at once each. */
    static final class Cache {
        private final Map<Stack, Shape> known = new IdentityHashMap<>();
        private final UserCode userCode;

        Cache(UserCode userCode) {
            this.userCode = userCode;
        }

        Shape of(Stack interned) {
            return known.computeIfAbsent(
                    interned,
                    stack -> new Shape(userCode.line(stack).orElse(null), isOwnWait(stack.frames(), userCode)));
        }

        /** Shapes of stacks that the table forgot are forgotten too. */
        void clear() {
            known.clear();
        }
    }

    private static boolean isOwnWait(List<Frame> frames, UserCode userCode) {
        return frames.stream()
                .map(Frame::function)
                .filter(f -> !f.startsWith("runtime.") && !f.startsWith("sync.") && !f.startsWith("internal/sync."))
                .findFirst()
                .map(f -> !userCode.isStandardLibrary(f) && !userCode.isInfrastructure(f))
                .orElse(false);
    }
}
