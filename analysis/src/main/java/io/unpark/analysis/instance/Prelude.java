package io.unpark.analysis.instance;

/**
 * What a goroutine that is older than what we saw did until its stacks show whether it is in the middle of a request: then
 * that time is the request's.
 */
final class Prelude {
    final SplitMeter split = new SplitMeter();
    long cpuNs;

    /** It is in the middle of a request, and it may still show of which. */
    boolean serving;
}
