package io.unpark.ingest;

/**
 * What of a trace was acknowledged so far.
 *
 * @param generations whole generations
 * @param bytes of those generations
 * @param capture capture id; "" before the first generation
 * @param instance the instance; "" before the first generation
 * @param goMinor of the trace's header; 0 before it was read
 */
public record IntakeProgress(long generations, long bytes, String capture, String instance, int goMinor) {
    static final IntakeProgress NOTHING = new IntakeProgress(0, 0, "", "", 0);
}
