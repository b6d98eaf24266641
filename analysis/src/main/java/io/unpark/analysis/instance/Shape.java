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
 * @param flushing it sends what there is of its answer
 * @param isUsersOwn the innermost frame outside the runtime is the user's
 */
record Shape(Frame userLine, boolean flushing, boolean isUsersOwn) {

    /** The shapes of interned stacks: looked at once each. */
    static final class Cache {
        private final Map<Stack, Shape> known = new IdentityHashMap<>();
        private final UserCode userCode;

        Cache(UserCode userCode) {
            this.userCode = userCode;
        }

        Shape of(Stack interned) {
            return known.computeIfAbsent(interned, stack -> look(stack, userCode));
        }

        /** Shapes of stacks that the table forgot are forgotten too. */
        void clear() {
            known.clear();
        }
    }

    private static Shape look(Stack stack, UserCode userCode) {
        List<Frame> frames = stack.frames();
        boolean flushing = frames.stream().anyMatch(f -> HttpNames.isFlush(f.function()));
        return new Shape(userCode.line(stack).orElse(null), flushing, isUsersOwn(frames, userCode));
    }

    private static boolean isUsersOwn(List<Frame> frames, UserCode userCode) {
        return frames.stream()
                .filter(f -> !f.function().startsWith("runtime."))
                .findFirst()
                .filter(f -> !userCode.isStandardLibrary(f.function()) && !userCode.isInfrastructure(f.function()))
                .isPresent();
    }
}
