package io.unpark.trace;

/** The Ps of a process. They are never removed. */
final class Procs extends IdTable<Proc> {
    @Override
    Proc create() {
        return new Proc();
    }
}
