package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import java.util.List;
import java.util.Set;

/**
 * What a stack tells about the user's code.
 *
 * @param userLine the user's innermost frame, or null
 * @param flushing it sends what there is of its answer
 * @param isUsersOwn the innermost frame outside the runtime is the user's
 * @param ownWait no library stands between the user's code and the wait
 * @param inLock it locks a mutex; Mutex, RWMutex and WaitGroup share the wait reason "sync"
 * @param inBodyRead it reads the body of an answer that net/http fetched
 * @param inJoin it waits for a WaitGroup, itself
 * @param joins it waits for a WaitGroup, itself or in a library
 */
record Shape(
        Frame userLine,
        boolean flushing,
        boolean isUsersOwn,
        boolean ownWait,
        boolean inLock,
        boolean inBodyRead,
        boolean inJoin,
        boolean joins) {
    private static final int ALL = Integer.MAX_VALUE;
    private static final Set<String> LOCKS = Set.of(
            "sync.(*Mutex).Lock",
            "internal/sync.(*Mutex).lockSlow",
            "internal/sync.(*Mutex).Lock",
            "sync.(*Mutex).lockSlow",
            "sync.(*RWMutex).Lock",
            "sync.(*RWMutex).RLock");
    private static final Set<String> BODY_READ = Set.of("net/http.(*bodyEOFSignal).Read");
    private static final Set<String> JOIN = Set.of("sync.(*WaitGroup).Wait");

    /** The shapes of interned stacks: looked at once each. */
    static final class Cache {
        private final UserCode userCode;
        private final Shape ofNothing;

        Cache(UserCode userCode) {
            this.userCode = userCode;
            this.ofNothing = look(Stack.EMPTY, userCode);
        }

        /** Whether a function is neither of the standard library nor of the infrastructure. */
        boolean isUsersFunction(String function) {
            return isUsers(function, userCode);
        }

        Shape of(Stack interned) {
            if (interned instanceof KnownStack known) {
                if (known.shape == null) {
                    known.shape = look(known, userCode);
                }
                return known.shape;
            }
            return interned.isEmpty() ? ofNothing : look(interned, userCode);
        }
    }

    private static Shape look(Stack stack, UserCode userCode) {
        List<Frame> frames = stack.frames();
        boolean flushing = frames.stream().anyMatch(f -> HttpNames.isFlush(f.function()));
        Frame userLine = userCode.line(stack).orElse(null);
        return new Shape(
                userLine,
                flushing,
                isUsersOwn(frames, userCode),
                isOwnWait(frames, userCode),
                isIn(LOCKS, frames, 6),
                isIn(BODY_READ, frames, ALL),
                isIn(JOIN, frames, 3),
                isIn(JOIN, frames, ALL));
    }

    /** Whether one of the innermost frames is one of these functions. */
    private static boolean isIn(Set<String> functions, List<Frame> frames, int depth) {
        return frames.stream().limit(depth).anyMatch(f -> functions.contains(f.function()));
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
