package io.unpark.analysis.instance;

/** The functions of Go's net/http whose frames give a request's shape away (Go 1.22 to 1.26, net/http/server.go). */
final class HttpNames {
    private static final String SERVE = "net/http.(*conn).serve";
    private static final String READ_REQUEST = "net/http.(*conn).readRequest";
    private static final String PEEK = "bufio.(*Reader).Peek";
    private static final String ABORT_PENDING_READ = "net/http.(*connReader).abortPendingRead";
    private static final String FINISH_REQUEST = "net/http.(*response).finishRequest";
    private static final String HANDSHAKE = "crypto/tls.(*Conn).HandshakeContext";
    private static final String BACKGROUND_READ = "net/http.(*connReader).backgroundRead";

    private static final String READ_LOOP = "net/http.(*persistConn).readLoop";
    private static final String WRITE_LOOP = "net/http.(*persistConn).writeLoop";

    private HttpNames() {}

    static boolean isServe(String function) {
        return SERVE.equals(function);
    }

    static boolean isRequestRead(String function) {
        return READ_REQUEST.equals(function) || PEEK.equals(function);
    }

    static boolean isAbortPendingRead(String function) {
        return ABORT_PENDING_READ.equals(function);
    }

    /** The answer is written out, after the handler has returned. */
    static boolean isFinishRequest(String function) {
        return FINISH_REQUEST.equals(function);
    }

    static boolean isHandshake(String function) {
        return HANDSHAKE.equals(function);
    }

    /** One of the two goroutines of a client's connection. */
    static boolean isClientLoop(String function) {
        return READ_LOOP.equals(function) || WRITE_LOOP.equals(function);
    }

    static boolean isBackgroundRead(String function) {
        return BACKGROUND_READ.equals(function);
    }

    /** A handler flushes its answer, over HTTP/1 and HTTP/2 (net/http and golang.org/x/net/http2). */
    static boolean isFlush(String function) {
        return function.endsWith("esponse).FlushError") || function.endsWith("esponseWriter).FlushError");
    }

    static boolean isServeHttp(String function) {
        return function.endsWith(".ServeHTTP");
    }
}
