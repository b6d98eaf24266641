package io.unpark.trace;

/** States of a goroutine, named and numbered as in Go's reader. */
public enum GoState {
    UNDETERMINED("Undetermined"),
    NOT_EXIST("NotExist"),
    RUNNABLE("Runnable"),
    RUNNING("Running"),
    WAITING("Waiting"),
    SYSCALL("Syscall");

    private final String goName;

    GoState(String goName) {
        this.goName = goName;
    }

    /** The name that Go's reader prints. */
    public String goName() {
        return goName;
    }
}
