package io.unpark.analysis.instance;

/** What is kept under a key that is known by its text; the text is long, so its hash is made once. */
abstract class KeptByContent {
    /** Zero: not made yet. */
    private int hash;

    /** A hash of the key's text: the same in every process. */
    final int hash(Object key) {
        if (hash == 0) {
            hash = key.toString().hashCode();
        }
        return hash;
    }
}
