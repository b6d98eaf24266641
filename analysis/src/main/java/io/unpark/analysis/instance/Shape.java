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
 * @param ownWait no library stands between the user's code and the wait
 * @param joins it waits for a WaitGroup
 */
record Shape(Frame userLine, boolean flushing, boolean isUsersOwn, boolean ownWait, boolean joins) {

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
        Frame userLine = userCode.line(stack).orElse(null);
        boolean joins = frames.stream().anyMatch(f -> f.function().equals("sync.(*WaitGroup).Wait"));
        return new Shape(userLine, flushing, isUsersOwn(frames, userCode), isOwnWait(frames, userCode), joins);
    }

    private static boolean isUsersOwn(List<Frame> frames, UserCode userCode) {
        return frames.stream()
                .map(Frame::function)
                .filter(f -> !f.startsWith("runtime."))
                .findFirst()
                .filter(f -> isUsers(f, userCode))
                .isPresent();
    }

    private static boolean isOwnWait(List<Frame> frames, UserCode userCode) {
        return frames.stream()
                .map(Frame::function)
                .filter(f -> !f.startsWith("runtime.") && !f.startsWith("sync.") && !f.startsWith("internal/sync."))
                .findFirst()
                .filter(f -> isUsers(f, userCode))
                .isPresent();
    }

    private static boolean isUsers(String function, UserCode userCode) {
        return !userCode.isStandardLibrary(function) && !userCode.isInfrastructure(function);
    }
}
