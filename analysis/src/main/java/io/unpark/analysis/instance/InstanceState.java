package io.unpark.analysis.instance;

import io.unpark.analysis.place.UserCode;

/** Everything a correlator knows of one instance between two events. */
final class InstanceState {
    final UserCode userCode;
    final StackTable stacks = new StackTable();
    final Shape.Cache shapes;
    final TraceClock clock = new TraceClock();
    final StopTheWorld world = new StopTheWorld();
    final LongMap<Goroutine> goroutines = new LongMap<>();
    final Cohorts cohorts = new Cohorts();
    final RuntimeMeter meter = new RuntimeMeter(world);
    final BlockMeter blocks = new BlockMeter();
    final LockMeter locks = new LockMeter();

    InstanceState(UserCode userCode) {
        this.userCode = userCode;
        this.shapes = new Shape.Cache(userCode);
    }
}
