package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a stack tells about the server that its goroutine works in.
 *
 * @param handler from the innermost frame that the server or a router called, outwards; EMPTY when there is none
 * @param outgoing it is within a call to something else
 */
record ServerStack(Role role, Stack handler, boolean outgoing) {

    /** What the goroutine does there. */
    enum Role {
        /** Nothing of a server's, or not to be told. */
        NONE,
        /** Waits for the next request, or for a connection's handshake. */
        IDLE,
        /** Looks after a connection that carries many requests, each on a goroutine of its own. */
        CONNECTION,
        /** Handles a request. */
        SERVING,
        /** The request's last act: {@code abortPendingRead}, after the handler returned or as it takes the connection over. */
        FINISHING
    }

    /** What interned stacks tell: looked at once each. */
    static final class Cache {
        private final Map<Stack, ServerStack> known = new IdentityHashMap<>();
        private final StackTable table;
        private final UserCode userCode;

        Cache(StackTable table, UserCode userCode) {
            this.table = table;
            this.userCode = userCode;
        }

        ServerStack of(Stack interned) {
            ServerStack seen = known.get(interned);
            if (seen == null) {
                seen = look(interned.frames(), table, userCode);
                known.put(interned, seen);
            }
            return seen;
        }

        /** What is known of stacks that the table forgot is forgotten too. */
        void clear() {
            known.clear();
        }
    }

    private static ServerStack look(List<Frame> frames, StackTable table, UserCode userCode) {
        int handlerAt = handlerFrame(frames, userCode);
        Stack handler = handlerAt < 0 ? Stack.EMPTY : table.intern(new Stack(frames.subList(handlerAt, frames.size())));
        boolean outgoing = frames.stream().anyMatch(f -> ServerNames.isOutgoing(f.function()));
        return new ServerStack(frames.isEmpty() ? Role.NONE : role(frames), handler, outgoing);
    }

    private static Role role(List<Frame> frames) {
        String start = frames.get(frames.size() - 1).function();
        if (ServerNames.isStream(start)) {
            return Role.SERVING;
        }
        if (ServerNames.isGrpcWorker(start)) {
            return frames.stream().anyMatch(f -> ServerNames.isGrpcHandling(f.function())) ? Role.SERVING : Role.IDLE;
        }
        return HttpNames.isServe(start) ? connectionRole(frames) : Role.NONE;
    }

    private static Role connectionRole(List<Frame> frames) {
        boolean reading = false;
        boolean serving = false;
        boolean finishing = false;
        for (Frame frame : frames) {
            String function = frame.function();
            if (ServerNames.isHttp2Connection(function)) {
                return Role.CONNECTION;
            }
            reading |= HttpNames.isRequestRead(function) || HttpNames.isHandshake(function);
            serving |= HttpNames.isServeHttp(function) || HttpNames.isFinishRequest(function);
            finishing |= HttpNames.isAbortPendingRead(function);
        }
        if (finishing) {
            return Role.FINISHING;
        }
        return serving ? Role.SERVING : reading ? Role.IDLE : Role.NONE;
    }

    /**
     * The user's frame that the innermost server or router called: the handler, not the middleware around it. A ServeHTTP of the
     * user's own is one; whether what that calls is another or a part of it, nothing tells, and a route must not change with
     * where a request happens to wait.
     */
    private static int handlerFrame(List<Frame> frames, UserCode userCode) {
        for (int i = 0; i < frames.size(); i++) {
            String function = frames.get(i).function();
            if (HttpNames.isServeHttp(function) && isUsers(function, userCode)) {
                return i;
            }
            if (i > 0 && callsHandlers(function)) {
                int handler = called(frames, i - 1, userCode);
                if (handler >= 0) {
                    return handler;
                }
            }
        }
        return -1;
    }

    private static boolean isUsers(String function, UserCode userCode) {
        return !userCode.isStandardLibrary(function) && !userCode.isInfrastructure(function);
    }

    private static boolean callsHandlers(String function) {
        return HttpNames.isServeHttp(function)
                || ServerNames.isGrpcGenerated(function)
                || ServerNames.isGrpcProcessing(function);
    }

    /** The first frame of the user's from there inwards, through frames of a router's or a library's only; -1 for none. */
    private static int called(List<Frame> frames, int from, UserCode userCode) {
        for (int i = from; i >= 0; i--) {
            String function = frames.get(i).function();
            if (userCode.isStandardLibrary(function)) {
                return -1;
            }
            if (!userCode.isInfrastructure(function)) {
                return i;
            }
        }
        return -1;
    }
}
