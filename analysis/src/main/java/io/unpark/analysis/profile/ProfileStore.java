package io.unpark.analysis.profile;

import java.util.List;

/** Where what is known by profiles of one instance is kept: values of at most some megabytes, a few KB as a rule. */
public interface ProfileStore {
    /** What was put last under this name, or null. */
    byte[] get(String name);

    void put(String name, byte[] bytes);

    /** All names under which something was put that begin so. */
    List<String> names(String prefix);
}
