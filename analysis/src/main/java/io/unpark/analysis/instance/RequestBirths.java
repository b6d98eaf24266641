package io.unpark.analysis.instance;

import io.unpark.analysis.instance.OpenRequest.Source;
import io.unpark.analysis.place.UserCode;
import java.util.Set;

/** What the birth of a goroutine says of requests: it works for its creator's, or is itself the beginning of one. */
final class RequestBirths {
    /** Standard-library functions that run the caller's own function on a new goroutine. */
    private static final Set<String> RUNS_USER_CODE =
            Set.of("sync.(*WaitGroup).Go.func1", "net/http.(*timeoutHandler).ServeHTTP.func1");

    private final RequestTracker requests;
    private final UserCode userCode;
    private final LateWatch late;

    RequestBirths(RequestTracker requests, UserCode userCode, LateWatch late) {
        this.requests = requests;
        this.userCode = userCode;
        this.late = late;
    }

    /** A goroutine was created: it works for its creator's request, unless it belongs to a connection or a pool. */
    void created(Goroutine child, Goroutine creator, long nowNs) {
        OpenRequest request = creator.request;
        if (HttpNames.isBackgroundRead(child.start)) {
            late.clientStayed(creator, nowNs);
            confirm(creator, nowNs);
            child.bornInRequest = creator.request == null ? 0 : creator.request.local;
            return;
        }
        // Over net/http's own server, gRPC handles a call on a goroutine that the stream's creates.
        boolean part = request != null && request.confirmed;
        if (ServerNames.isHttp2Stream(child.start) || ServerNames.isGrpcStream(child.start) && !part) {
            OpenRequest stream = requests.open(child, Source.HTTP, nowNs);
            if (stream != null) {
                stream.confirmed = true;
            }
            return;
        }
        if (HttpNames.isServe(child.start)) {
            requests.open(child, Source.HTTP, nowNs); // its first request may be there before it has to wait for it
            return;
        }
        if (request == null && HttpNames.isClientLoop(child.start)) {
            child.bornInRequest =
                    creator.bornInRequest; // the request asked for a connection, and a goroutine between dialled
        }
        if (request == null || request.ended() && creator.id == request.mainGoroutine) {
            return;
        }
        child.bornInRequest = request.local;
        if (worksForRequest(child)) {
            request.join(child);
        }
    }

    private boolean worksForRequest(Goroutine child) {
        return RUNS_USER_CODE.contains(child.start)
                || ServerNames.isGrpcStream(child.start)
                || !userCode.isStandardLibrary(child.start) && !ServerNames.isPlumbing(child.start);
    }

    /** A server connection's goroutine began to watch for the client's leaving: a request is being handled. */
    private void confirm(Goroutine connection, long nowNs) {
        if (!HttpNames.isServe(connection.start)) {
            return;
        }
        if (connection.request == null && !connection.answered) {
            requests.open(connection, Source.HTTP, nowNs);
        }
        if (connection.request != null) {
            connection.request.confirmed = true;
        }
    }
}
