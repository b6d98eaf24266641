package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;

/**
 * The functions of Go's servers of HTTP/2 and gRPC whose frames give a request's shape away: a goroutine per stream
 * (net/http's own copy, golang.org/x/net/http2, google.golang.org/grpc), or gRPC's pool of stream workers. Read in Go 1.26,
 * x/net 0.62 and gRPC 1.85; the names have been these since 2022.
 */
final class ServerNames {
    private static final String BUNDLED = "net/http.(*http2";
    private static final String X_NET = "golang.org/x/net/http2.(*";
    private static final String INTERNAL = "net/http/internal/http2.(*";
    private static final String H2C = "golang.org/x/net/http2/h2c.";
    private static final String GRPC = "google.golang.org/grpc";
    private static final String GRPC_STREAM = "google.golang.org/grpc.(*Server).serveStreams.func";
    private static final String GRPC_WORKER = "google.golang.org/grpc.(*Server).serverWorker";
    private static final String GRPC_HANDLE = "google.golang.org/grpc.(*Server).handleStream";
    private static final String GRPC_PROCESS = "google.golang.org/grpc.(*Server).processRPC";
    private static final String GRPC_UNARY = "google.golang.org/grpc.(*Server).processUnaryRPC";
    private static final String GRPC_STREAMING = "google.golang.org/grpc.(*Server).processStreamingRPC";

    private ServerNames() {}

    /** Handles one stream of HTTP/2 and ends. */
    static boolean isHttp2Stream(String function) {
        return function.endsWith("serverConn).runHandler") && isHttp2(function);
    }

    /** Handles one call of gRPC and ends. */
    static boolean isGrpcStream(String function) {
        return function.startsWith(GRPC_STREAM);
    }

    /** A goroutine with that start function is one request. */
    static boolean isStream(String function) {
        return isHttp2Stream(function) || isGrpcStream(function);
    }

    /** A worker of gRPC's pool, which serves one call after the other. */
    static boolean isGrpcWorker(String function) {
        return GRPC_WORKER.equals(function);
    }

    /** A goroutine with that start function serves requests, one or many. */
    static boolean isOfServer(String start) {
        return HttpNames.isServe(start) || isStream(start) || isGrpcWorker(start);
    }

    /** A goroutine with that start function lives as long as its connection, or serves what comes from one. */
    static boolean isOfConnection(String start) {
        return isOfServer(start) || isHttp2(start) || isPlumbing(start) || HttpNames.isClientLoop(start);
    }

    /** The stack of whoever gives a call to a worker that waits for one. */
    static boolean isGrpcHandOver(Stack waker) {
        for (Frame frame : waker.frames()) {
            if (!frame.function().startsWith("runtime.")) {
                return isGrpcStream(frame.function());
            }
        }
        return false;
    }

    static boolean isGrpcHandling(String function) {
        return GRPC_HANDLE.equals(function);
    }

    /** What it calls is a method's handler, generated or written by hand. */
    static boolean isGrpcProcessing(String function) {
        return GRPC_PROCESS.equals(function) || GRPC_UNARY.equals(function) || GRPC_STREAMING.equals(function);
    }

    /** {@code _Greeter_SayHello_Handler}, and its {@code .func1} behind interceptors: what it calls is the method. */
    static boolean isGrpcGenerated(String function) {
        int name = function.lastIndexOf("._");
        return name >= 0 && (function.endsWith("_Handler") || function.endsWith("_Handler.func1"));
    }

    /** Looks after a connection of HTTP/2, not after a request. */
    static boolean isHttp2Connection(String function) {
        boolean serves = function.endsWith("serverConn).serve") || function.endsWith("erver).ServeConn");
        return serves && isHttp2(function) || function.startsWith(H2C);
    }

    /** Keeps a library's connections going, for whichever request comes. */
    static boolean isPlumbing(String function) {
        return function.startsWith(X_NET) || function.startsWith(GRPC);
    }

    /** A request's own call to something else: what is opened there is not the request. */
    static boolean isOutgoing(String function) {
        return function.endsWith(").RoundTrip")
                || function.startsWith("net/http.(*Client).")
                || function.startsWith("database/sql.(*")
                || function.startsWith("google.golang.org/grpc.(*ClientConn).");
    }

    private static boolean isHttp2(String function) {
        return function.startsWith(BUNDLED) || function.startsWith(X_NET) || function.startsWith(INTERNAL);
    }
}
