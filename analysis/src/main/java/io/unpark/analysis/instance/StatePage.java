package io.unpark.analysis.instance;

/**
 * A piece of a correlator's state: what did not change in a generation is not written again.
 *
 * @param kind what the page holds, such as {@code g} for goroutines
 * @param number of the page within its kind
 * @param bytes empty when the page is to be deleted
 */
public record StatePage(String kind, long number, byte[] bytes) {}
