package io.unpark.analysis.model;

/**
 * What to do.
 *
 * @param fix what to change in the code
 * @param nextTool what to open next when the evidence is not enough
 * @param doc the page about the kind, relative to the documentation's root
 */
public record Advice(String fix, String nextTool, String doc) {}
