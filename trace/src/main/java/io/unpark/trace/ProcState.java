package io.unpark.trace;

/** States of a P, named as in Go's reader. */
public enum ProcState {
    UNDETERMINED("Undetermined"),
    NOT_EXIST("NotExist"),
    RUNNING("Running"),
    IDLE("Idle");

    private final String goName;

    ProcState(String goName) {
        this.goName = goName;
    }

    /** The name that Go's reader prints. */
    public String goName() {
        return goName;
    }
}
