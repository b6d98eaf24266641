package io.unpark.app.replay;

import java.util.List;

/** What is to be sent again. */
public interface Past extends AutoCloseable {
    /** Its parts; asked once. */
    List<? extends Lane> lanes();

    /** How many of its files or records could not be read, so far. */
    long refused();

    /** What is wrong with the first of them. */
    List<String> problems();

    @Override
    void close();
}
