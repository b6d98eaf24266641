package io.unpark.streams;

import io.unpark.schemas.Topic;
import io.unpark.schemas.Topics;
import java.util.List;

/** The topics that the application reads, in the order in which records travel through them. */
final class Stages {
    /** What comes from outside. */
    static final List<Topic<?, ?>> INPUTS = List.of(Topics.TRACE_CHUNKS, Topics.RACE_REPORTS, Topics.PROFILE_SNAPSHOTS);

    /** A stage only gets records from those before it. */
    static final List<List<Topic<?, ?>>> IN_ORDER =
            List.of(INPUTS, List.of(Topics.REQUEST_SEGMENTS), List.of(Topics.FINDINGS));

    /** What others read, and this application does not. */
    static final List<Topic<?, ?>> OUTPUTS =
            List.of(Topics.RUNTIME_WINDOWS, Topics.ROUTE_WINDOWS, Topics.PROFILES, Topics.REQUESTS, Topics.ANOMALIES);

    private Stages() {}
}
