package io.unpark.ingest;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Whose trace it is, as far as the sender says.
 *
 * @param namespace service.namespace; may be empty
 * @param service service.name
 * @param instance service.instance.id; without it the instance is {@code capture-<capture id>}
 * @param version service.version; may be empty
 * @param capture capture id; without it, a hash of the trace's header and first complete generation, so that the same bytes have the
 *     same one
 * @param firstSequence place of the first generation within the capture, for senders that name the capture and send it in
 *     parts; without it a named capture is numbered by the runtime's generation numbers, any other from 0
 * @param capturedUnixNs asked once a generation: the wall clock for a push, the file's time for a file; nanoseconds since 1970 UTC
 * @param clockErrorNs how far that may be from the generation's last event; -1 when not known
 */
public record TraceSource(
        String namespace,
        String service,
        Optional<String> instance,
        String version,
        Optional<String> capture,
        OptionalLong firstSequence,
        LongSupplier capturedUnixNs,
        long clockErrorNs) {
    /** A file: everything but the service's name is left to the content. */
    public static TraceSource ofFile(String service, Optional<String> instance, long modifiedUnixNs) {
        return new TraceSource(
                "", service, instance, "", Optional.empty(), OptionalLong.empty(), () -> modifiedUnixNs, -1);
    }
}
