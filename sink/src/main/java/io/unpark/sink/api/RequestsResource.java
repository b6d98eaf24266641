package io.unpark.sink.api;

import io.javalin.http.Context;
import io.unpark.schemas.record.RequestTrace;
import io.unpark.sink.store.RequestQueries;
import java.io.IOException;
import java.nio.ByteBuffer;

/** {@code /api/v1/requests/{id}}: the segments of one request that was kept, as in the schema of its topic. */
final class RequestsResource {
    private final RequestQueries requests;

    RequestsResource(RequestQueries requests) {
        this.requests = requests;
    }

    void one(Context context) throws IOException {
        String id = context.pathParam("id");
        byte[] record = requests.find(id)
                .orElseThrow(() -> ProblemException.notFound("No request with the id '" + id
                        + "' is kept: only those with a finding and the slowest of each route are."));
        // A record's toString is JSON by Avro's own promise.
        Answers.json(
                context,
                Answers.parse(
                        RequestTrace.fromByteBuffer(ByteBuffer.wrap(record)).toString()));
    }
}
