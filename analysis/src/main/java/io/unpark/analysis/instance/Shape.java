package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a stack tells about net/http and the user's code.
 *
 * @param serverConnection it is a server connection's goroutine
 * @param idle a server connection that waits for its next request
 * @param finishing the request's last act: {@code abortPendingRead} after the handler has returned
 * @param handler from the innermost frame that net/http called, outwards; EMPTY when there is none
 * @param userLine the user's innermost frame, or null
 * @param flushing it sends what there is of its answer
 * @param isUsersOwn the innermost frame outside the runtime is the user's
 */
record Shape(
        boolean serverConnection,
        boolean idle,
        boolean finishing,
        Stack handler,
        Frame userLine,
        boolean flushing,
        boolean isUsersOwn) {

    /** The shapes of interned stacks: looked at once each. */
    static final class Cache {
        private final Map<Stack, Shape> known = new IdentityHashMap<>();
        private final StackTable table;
        private final UserCode userCode;

        Cache(StackTable table, UserCode userCode) {
            this.table = table;
            this.userCode = userCode;
        }

        Shape of(Stack interned) {
            return known.computeIfAbsent(interned, stack -> look(stack, table, userCode));
        }

        /** Shapes of stacks that the table forgot are forgotten too. */
        void clear() {
            known.clear();
        }
    }

    private static Shape look(Stack stack, StackTable table, UserCode userCode) {
        List<Frame> frames = stack.frames();
        boolean server = !frames.isEmpty() && HttpNames.isServe(last(frames).function());
        int handlerAt = handlerFrame(frames, userCode);
        boolean reading = frames.stream().anyMatch(f -> HttpNames.isRequestRead(f.function()));
        boolean finishing = frames.stream().anyMatch(f -> HttpNames.isAbortPendingRead(f.function()));
        boolean serving = frames.stream().anyMatch(f -> HttpNames.isServeHttp(f.function()));
        Stack handler = handlerAt < 0 ? Stack.EMPTY : table.intern(new Stack(frames.subList(handlerAt, frames.size())));
        Optional<Frame> line = userCode.line(stack);
        boolean flushing = frames.stream().anyMatch(f -> HttpNames.isFlush(f.function()));
        return new Shape(
                server,
                server && reading && !serving,
                server && finishing,
                handler,
                line.orElse(null),
                flushing,
                isUsersOwn(frames, userCode));
    }

    /** The user's frame that the innermost {@code ServeHTTP} called: the handler, not the middleware around it. */
    private static int handlerFrame(List<Frame> frames, UserCode userCode) {
        for (int i = 1; i < frames.size(); i++) {
            if (HttpNames.isServeHttp(frames.get(i).function()) && isUser(frames.get(i - 1), userCode)) {
                return i - 1;
            }
        }
        return -1;
    }

    private static boolean isUsersOwn(List<Frame> frames, UserCode userCode) {
        return frames.stream()
                .filter(f -> !f.function().startsWith("runtime."))
                .findFirst()
                .filter(f -> isUser(f, userCode))
                .isPresent();
    }

    private static boolean isUser(Frame frame, UserCode userCode) {
        return !userCode.isStandardLibrary(frame.function()) && !userCode.isInfrastructure(frame.function());
    }

    private static Frame last(List<Frame> frames) {
        return frames.get(frames.size() - 1);
    }
}
