package io.unpark.sink.api;

import io.javalin.http.Context;
import io.unpark.sink.store.RequestQueries;

/** {@code /api/v1/requests/{id}}: the segments of one request that was kept, as in the schema of its topic. */
final class RequestsResource {
    private final RequestQueries requests;

    RequestsResource(RequestQueries requests) {
        this.requests = requests;
    }

    void one(Context context) {
        String id = context.pathParam("id");
        byte[] json = requests.find(id)
                .orElseThrow(() -> ProblemException.notFound("No request with the id '" + id
                        + "' is kept: only those with a finding and the slowest of each route are."));
        context.header("Cache-Control", "no-store");
        context.contentType("application/json").result(json);
    }
}
