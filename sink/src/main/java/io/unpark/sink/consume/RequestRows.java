package io.unpark.sink.consume;

import io.unpark.schemas.record.RequestTrace;
import io.unpark.sink.store.RequestRow;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Requests to rows. */
final class RequestRows {
    private RequestRows() {}

    static RequestRow of(RequestTrace request, long arrivedMs) throws BadRecordException {
        if (request.getRequestId().isEmpty()) {
            throw new BadRecordException("request_id is empty");
        }
        return new RequestRow(
                TextLimits.name("request_id", request.getRequestId()),
                request.getRevision(),
                request.getSegments().stream()
                        .mapToLong(segment -> segment.getStartNs())
                        .min()
                        .orElse(0),
                arrivedMs,
                bytes(request));
    }

    private static byte[] bytes(RequestTrace request) throws BadRecordException {
        try {
            // Avro's single-object encoding: it names its schema, so a later version can read what this one wrote.
            ByteBuffer encoded = request.toByteBuffer();
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new BadRecordException("cannot be written again: " + e.getMessage(), e);
        }
    }
}
