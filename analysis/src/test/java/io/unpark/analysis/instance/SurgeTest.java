package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.OneCpu;
import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Kind;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceFormatException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Goroutines of one kind come and go for four seconds; then something changes. The state is restored after each generation. */
class SurgeTest {
    private static final String START = "main.ask@/src/ask.go:5";
    private static final String CREATION = "main.serve@/src/serve.go:20";
    private static final String WAITS = "main.ask@/src/ask.go:8<main.serve.func1@/src/serve.go:21";
    private static final String IDLE = "main.main@/src/main.go:6";

    enum Turn {
        NOTHING(false),
        TEN_TIMES_THE_TRAFFIC(false),
        THE_ANSWERS_STOP(true),
        A_BURST_THAT_ENDS(false);

        private final boolean surge;

        Turn(boolean surge) {
            this.surge = surge;
        }
    }

    private static final class Service {
        private final OneCpu cpu = new OneCpu();
        private long next = 2;
        private final List<Long> open = new ArrayList<>();
        private long nowMs = 1;

        /** Goroutine 1 starts some that all wait. */
        void start(int count) {
            for (int i = 0; i < count; i++) {
                open.add(next);
                cpu.create(next++, START, CREATION);
            }
            cpu.block("sleep", IDLE);
            open.subList(open.size() - count, open.size())
                    .forEach(id -> cpu.run(id).block("network", WAITS));
        }

        /** They get their answers and end. */
        void answer() {
            open.forEach(id -> cpu.wake(id, "").run(id).end());
            open.clear();
        }

        void sleep(long ms) {
            nowMs += ms;
            cpu.at(nowMs);
        }

        void wakeUp() {
            cpu.wake(1, "").run(1);
        }
    }

    private static OneCpu told(Turn turn) {
        Service service = new Service();
        for (int second = 0; second < 7; second++) {
            boolean turned = second >= 4;
            int count = turned && turn == Turn.TEN_TIMES_THE_TRAFFIC ? 150 : 15;
            for (int i = 0; i < 10; i++) {
                service.start(turned && turn == Turn.A_BURST_THAT_ENDS && second == 4 && i == 9 ? 150 : count);
                service.sleep(10);
                boolean last = i == 9; // some are always open when a generation ends
                if (!last && !(turned && turn == Turn.THE_ANSWERS_STOP)) {
                    service.answer();
                }
                service.sleep(90);
                service.wakeUp();
            }
            service.cpu.generation();
            if (!(turned && turn == Turn.THE_ANSWERS_STOP)) {
                service.cpu.block("sleep", IDLE);
                service.answer();
                service.wakeUp();
            }
        }
        return service.cpu;
    }

    @ParameterizedTest
    @EnumSource
    void onlyAPileUpIsASurge(Turn turn) throws TraceFormatException {
        // Given
        InstanceFeed feed = new InstanceFeed(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS);
        var tape = told(turn).generations();
        List<Finding> found = new ArrayList<>();
        // When
        for (RawGeneration generation : tape.list()) {
            feed.take("c1", tape.goMinor(), generation).ifPresent(output -> found.addAll(output.findings()));
            feed.restart();
        }
        // Then
        List<Finding> surges =
                found.stream().filter(f -> f.kind() == Kind.GOROUTINE_SURGE).toList();
        assertThat(surges.isEmpty()).isEqualTo(!turn.surge);
        assertThat(surges).allSatisfy(surge -> {
            assertThat(surge.withdrawn()).isFalse();
            assertThat(surge.place().line()).isEqualTo(8);
            assertThat(surge.place().creationSite()).isEqualTo("main.serve");
            assertThat(surge.evidence().values()).containsEntry("usual_alive", 15L);
        });
    }
}
