package io.unpark.app.replay;

import java.io.IOException;

/** A part of the past whose order stays: the files of one instance, or a partition. From one thread. */
public interface Lane extends AutoCloseable {
    /** About when it begins, without keeping anything of it in memory; asked once, before {@link #next}. */
    long beginUnixNs() throws IOException;

    /** What comes next; null at the end. */
    Moment next() throws IOException;

    @Override
    void close() throws IOException;
}
