package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.OneCpu;
import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Kind;
import io.unpark.trace.TraceFormatException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which work counts as late: a request of goroutine 4 begins at 10 ms and has until 100 ms. */
class LateWorkTest {
    private static final String HANDLER = "main.handle@/src/main.go:31<main.main@/src/main.go:5";
    private static final String CHILD = "main.rank@/src/main.go:60<main.handle.func1@/src/main.go:55";
    private static final String WAIT = "runtime.chanrecv1@/go/chan.go:2<main.handle@/src/main.go:33";
    private static final String DEADLINE = " ctx_deadline_ns=" + (OneCpu.T0_NS + 100 * OneCpu.MS);

    /** Something happens in the process: it is not kept from running. */
    private static final String TICK = "HeapAlloc heapalloc_value=4096";

    /** @param line of the user's code that is named; 0 when nothing is said */
    private record Case(String title, OneCpu cpu, int line) {
        @Override
        public String toString() {
            return title;
        }
    }

    private static OneCpu process() {
        return new OneCpu()
                .at(1)
                .create(4, "main.handle@/src/main.go:28", "main.main@/src/main.go:5")
                .block("select", "main.main@/src/main.go:6");
    }

    /** Goroutine 6 is what a timer starts when a context's deadline passes. */
    private static OneCpu withTimer() {
        return new OneCpu()
                .at(1)
                .create(4, "main.handle@/src/main.go:28", "main.main@/src/main.go:5")
                .create(6, "context.WithDeadlineCause.func2@/go/context.go:9", "time.goFunc@/go/sleep.go:1")
                .block("select", "main.main@/src/main.go:6");
    }

    private static OneCpu request(OneCpu cpu, long goroutine, long task, String deadline) {
        return cpu.run(goroutine)
                .task(task, "unpark.request")
                .log(task, "unpark.request", "trace=4bf92f3577b34da6a3ce929d0e0e4736 route=GET+/a" + deadline, HANDLER);
    }

    /** Requests without a deadline whose goroutines outlive them by 100 ms: made to do so. */
    private static OneCpu detachedByDesign() {
        OneCpu cpu = new OneCpu().at(1);
        for (long i = 0; i < 4; i++) {
            cpu.create(20 + i, "main.handle@/src/main.go:28", "main.main@/src/main.go:5");
        }
        cpu.create(4, "main.handle@/src/main.go:28", "main.main@/src/main.go:5")
                .block("select", "main.main@/src/main.go:6");
        for (long i = 0; i < 4; i++) {
            request(cpu, 20 + i, 30 + i, "")
                    .create(40 + i, "main.handle.func1@/src/main.go:54", HANDLER)
                    .taskEnd(30 + i)
                    .end();
        }
        cpu.at(90);
        for (long i = 0; i < 4; i++) {
            cpu.run(40 + i).end();
        }
        return request(cpu, 4, 9, DEADLINE)
                .create(5, "main.handle.func1@/src/main.go:54", HANDLER)
                .taskEnd(9)
                .end()
                .run(5)
                .stop(CHILD)
                .at(300)
                .run(5)
                .end();
    }

    /** A request without a deadline, and what it starts, ends within it. */
    private static OneCpu waitedFor() {
        OneCpu cpu = new OneCpu()
                .at(1)
                .create(20, "main.handle@/src/main.go:28", "main.main@/src/main.go:5")
                .create(4, "main.handle@/src/main.go:28", "main.main@/src/main.go:5")
                .create(6, "main.handle@/src/main.go:28", "main.main@/src/main.go:5")
                .block("select", "main.main@/src/main.go:6");
        return request(cpu, 20, 30, "")
                .create(40, "main.handle.func1@/src/main.go:54", HANDLER)
                .block("chan receive", WAIT)
                .run(40)
                .wake(20, "main.handle.func1@/src/main.go:56")
                .end()
                .run(20)
                .taskEnd(30)
                .end()
                .at(10);
    }

    /** What a request starts ends within it, and it does not wait for it; one more is started at {@code startMs}, and runs until 300 ms. */
    private static OneCpu notWaitedFor(long startMs) {
        OneCpu cpu = new OneCpu()
                .at(1)
                .create(20, "main.handle@/src/main.go:28", "main.main@/src/main.go:5")
                .create(4, "main.handle@/src/main.go:28", "main.main@/src/main.go:5")
                .block("select", "main.main@/src/main.go:6");
        request(cpu, 20, 30, "")
                .create(40, "main.handle.func1@/src/main.go:54", HANDLER)
                .stop(HANDLER)
                .run(40)
                .end()
                .run(20)
                .taskEnd(30)
                .end()
                .at(10);
        return request(cpu, 4, 9, DEADLINE)
                .at(startMs)
                .raw(TICK)
                .create(5, "main.handle.func1@/src/main.go:54", HANDLER)
                .at(Math.max(startMs, 101))
                .raw(TICK)
                .at(110)
                .taskEnd(9)
                .end()
                .run(5)
                .at(300)
                .stop(CHILD)
                .run(5)
                .end();
    }

    /** What the late goroutine wakes at 200 ms is another request's handler. */
    private static OneCpu shared(String waker) {
        OneCpu cpu = waitedFor();
        request(cpu, 4, 9, DEADLINE)
                .create(5, "main.handle.func1@/src/main.go:54", HANDLER)
                .at(101)
                .raw(TICK)
                .at(110)
                .taskEnd(9)
                .end();
        return request(cpu, 6, 19, "")
                .block("select", WAIT)
                .run(5)
                .at(200)
                .stop(CHILD)
                .run(5)
                .wake(6, waker)
                .end()
                .run(6)
                .taskEnd(19)
                .end();
    }

    static List<Case> cases() {
        return List.of(
                new Case(
                        "the handler runs on",
                        request(process().at(10), 4, 9, DEADLINE)
                                .at(101)
                                .raw(TICK)
                                .at(200)
                                .stop(HANDLER)
                                .run(4)
                                .taskEnd(9)
                                .end(),
                        31),
                new Case(
                        "the handler ends within the slack of 25 ms",
                        request(process().at(10), 4, 9, DEADLINE)
                                .at(101)
                                .raw(TICK)
                                .at(124)
                                .stop(HANDLER)
                                .run(4)
                                .taskEnd(9)
                                .end(),
                        0),
                new Case(
                        "the handler waits on, without looking at the context",
                        request(process().at(10), 4, 9, DEADLINE)
                                .block("chan receive", WAIT)
                                .at(101)
                                .raw(TICK)
                                .at(180)
                                .wake(4, "")
                                .run(4)
                                .taskEnd(9)
                                .end(),
                        33),
                new Case(
                        "a goroutine of the request runs on",
                        request(process().at(10), 4, 9, DEADLINE)
                                .create(5, "main.handle.func1@/src/main.go:54", HANDLER)
                                .at(90)
                                .taskEnd(9)
                                .end()
                                .run(5)
                                .at(110)
                                .stop(CHILD)
                                .run(5)
                                .at(300)
                                .stop(CHILD)
                                .run(5)
                                .end(),
                        0),
                new Case(
                        "a goroutine of a request that has expired runs on; those of another ended with it",
                        request(waitedFor(), 4, 9, DEADLINE)
                                .create(5, "main.handle.func1@/src/main.go:54", HANDLER)
                                .at(101)
                                .raw(TICK)
                                .at(110)
                                .taskEnd(9)
                                .end()
                                .run(5)
                                .at(300)
                                .stop(CHILD)
                                .run(5)
                                .end(),
                        55),
                new Case(
                        "a goroutine that was only ever started once",
                        request(process().at(10), 4, 9, DEADLINE)
                                .create(5, "main.handle.func1@/src/main.go:54", HANDLER)
                                .at(101)
                                .raw(TICK)
                                .at(110)
                                .taskEnd(9)
                                .end()
                                .run(5)
                                .at(300)
                                .stop(CHILD)
                                .run(5)
                                .end(),
                        0),
                new Case("a goroutine that was started in time runs on", notWaitedFor(90), 55),
                new Case("it was started when the deadline had passed: to undo something", notWaitedFor(104), 0),
                new Case("a goroutine that answers another request is shared", shared("main.pick@/src/main.go:70"), 0),
                new Case(
                        "a library's pool only passes something on", shared("database/sql.(*DB).put@/go/sql.go:7"), 55),
                new Case(
                        "the process did not run when its timer was due",
                        request(process().at(10), 4, 9, DEADLINE)
                                .at(99)
                                .stop(HANDLER)
                                .at(160)
                                .run(4)
                                .taskEnd(9)
                                .end(),
                        0),
                new Case(
                        "work goes on after a cancellation",
                        request(process().at(10), 4, 9, "")
                                .at(50)
                                .log(9, "unpark.cancel", "cause=client", HANDLER)
                                .at(200)
                                .stop(HANDLER)
                                .run(4)
                                .taskEnd(9)
                                .end(),
                        31),
                new Case(
                        "no deadline, nothing to be late for",
                        request(process().at(10), 4, 9, "")
                                .at(900)
                                .stop(HANDLER)
                                .run(4)
                                .taskEnd(9)
                                .end(),
                        0),
                new Case("goroutines that outlive healthy requests as well", detachedByDesign(), 0),
                new Case(
                        "a wake-up by a deadline that was one call's own",
                        request(withTimer(), 4, 9, "")
                                .block("select", WAIT)
                                .at(60)
                                .run(6)
                                .wake(4, "context.(*cancelCtx).cancel@/go/context.go:1")
                                .end()
                                .run(4)
                                .at(400)
                                .stop(HANDLER)
                                .run(4)
                                .taskEnd(9)
                                .end(),
                        0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void judges(Case c) throws TraceFormatException {
        // Given
        InstanceFeed feed = new InstanceFeed(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS);
        // When
        List<InstanceOutput> outputs = feed.takeAll("c1", c.cpu().generations());
        // Then
        List<Finding> late = outputs.stream()
                .flatMap(output -> output.findings().stream())
                .filter(finding -> finding.kind() == Kind.WORK_AFTER_DEADLINE)
                .toList();
        assertThat(late).hasSize(c.line() == 0 ? 0 : 1);
        assertThat(late)
                .allSatisfy(finding -> assertThat(finding.place().line()).isEqualTo(c.line()));
    }
}
