package io.unpark.analysis.instance;

import io.unpark.analysis.model.Stack;

/** A goroutine that works for a request it was not created by: one of a pool's, for as long as it serves the request. */
final class Worker {
    final OpenRequest request;
    final long goroutine;

    /** The function that it started with. */
    final String start;

    /** A region or a log of the request's task says so; else it was read off a wake-up. */
    boolean certain;

    /** Since when it serves, the trace's clock. */
    long sinceNs;

    /** Where it waits for work: back there it is done. EMPTY when not known. */
    Stack home;

    /** Regions of the request's task that it is in. */
    int regions;

    long cpuNs;

    Worker(OpenRequest request, long goroutine, String start, Stack home, long sinceNs) {
        this.request = request;
        this.goroutine = goroutine;
        this.start = start;
        this.home = home;
        this.sinceNs = sinceNs;
    }
}
