package io.unpark.sink.consume;

import io.unpark.schemas.record.RequestTrace;
import io.unpark.sink.store.RequestRow;
import java.nio.charset.StandardCharsets;

/** Requests to rows. */
final class RequestRows {
    private static final int JSON_BYTES_MAX = 4 * 1024 * 1024;

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
                json(request),
                PeerRows.of(request, arrivedMs));
    }

    /** A record's toString is JSON by Avro's own promise. */
    private static byte[] json(RequestTrace request) throws BadRecordException {
        byte[] bytes = request.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > JSON_BYTES_MAX) {
            throw new BadRecordException(
                    "has " + bytes.length + " bytes as JSON, at most " + JSON_BYTES_MAX + " are kept");
        }
        return bytes;
    }
}
