package io.unpark.analysis.model;

/** One frame of a stack; {@code function} fully qualified as the runtime prints it, {@code line} 0 when not known. */
public record Frame(String function, String file, int line) {
    /** As {@code function file:line}, the form used in evidence. */
    public String display() {
        return line > 0 ? function + " " + file + ":" + line : function;
    }
}
