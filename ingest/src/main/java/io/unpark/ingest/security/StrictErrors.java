package io.unpark.ingest.security;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Errors that the server makes itself, before it knows what is asked for: with the headers of all answers, and without causes. */
final class StrictErrors extends ErrorHandler {
    StrictErrors() {
        setShowCauses(false);
        setShowStacks(false);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        StrictHeaders.HEADERS.forEach(response.getHeaders()::put);
        return super.handle(request, response, callback);
    }
}
