package io.unpark.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Servers' goroutines of all shapes that do anything in any order which a trace may hold, over several generations. */
public final class RandomServer {
    private static final String CONN = "net/http.(*conn).serve@/go/server.go:9";
    private static final String H2 = "net/http.(*http2serverConn).runHandler@/go/h2.go:9";
    private static final String GRPC =
            "google.golang.org/grpc.(*Server).serveStreams.func2.1@/m/grpc@v1.85.0/server.go:9";
    private static final String GRPC_WORKER =
            "google.golang.org/grpc.(*Server).serverWorker@/m/grpc@v1.85.0/server.go:7";
    private static final String WORKER = "main.worker@/src/main.go:70";
    private static final String HANDLER = "main.handle@/src/main.go:31<net/http.HandlerFunc.ServeHTTP@/go/server.go:8<";
    private static final List<String> STARTS = List.of(
            CONN,
            H2,
            GRPC,
            GRPC_WORKER,
            WORKER,
            "main.handle.func1@/src/main.go:50",
            "net/http.(*connReader).backgroundRead@/go/server.go:3");
    private static final List<String> STACKS = List.of(
            "net.Read@/go/net.go:1<net/http.(*conn).readRequest@/go/server.go:4<" + CONN,
            "sync.(*Cond).Wait@/go/cond.go:1<net/http.(*connReader).abortPendingRead@/go/server.go:5<" + CONN,
            "net/http.(*http2serverConn).serve@/go/h2.go:4<" + CONN,
            "runtime.chanrecv1@/go/chan.go:2<" + HANDLER + CONN,
            "runtime.selectgo@/go/select.go:2<" + HANDLER + H2,
            "runtime.chansend1@/go/chan.go:1<main.(*s).Get@/src/main.go:40<pb._S_Get_Handler@/src/pb.go:3<" + GRPC,
            "runtime.chanrecv2@/go/chan.go:2<" + GRPC_WORKER,
            "runtime.chanrecv2@/go/chan.go:2<" + WORKER,
            "runtime.chansend1@/go/chan.go:1<main.other@/src/main.go:60<" + WORKER);
    private static final List<String> REASONS =
            List.of("network", "chan receive", "chan send", "select", "sync", "sleep");

    private final Random random;
    private final OneCpu cpu = new OneCpu();
    private final List<Long> waiting = new ArrayList<>();
    private final List<Long> ready = new ArrayList<>();
    private final List<Long> tasks = new ArrayList<>();
    private long running = 1;
    private long nextGoroutine = 2;
    private long nextTask = 1;
    private long nowMs = 1;
    private boolean assisting;

    /** Of the P, in this generation. */
    private int syscalls;

    private RandomServer(long seed) {
        random = new Random(seed);
    }

    /** The same for the same seed; each of the generations has so many steps. */
    public static OneCpu of(long seed, int steps, int generations) {
        RandomServer server = new RandomServer(seed);
        for (int i = 0; i < 4; i++) {
            long id = server.nextGoroutine++;
            server.cpu.waiting(id, server.any(STACKS));
            server.waiting.add(id);
        }
        for (int g = 1; g < generations; g++) {
            server.steps(steps);
            server.endAssist();
            server.cpu.generation();
            server.syscalls = 0;
        }
        server.steps(steps);
        return server.cpu;
    }

    private void steps(int count) {
        for (int i = 0; i < count; i++) {
            if (random.nextInt(3) == 0) {
                cpu.at(nowMs += random.nextInt(40));
            }
            if (running < 0) {
                idle();
            } else {
                busy();
            }
        }
    }

    private void idle() {
        if (ready.isEmpty() || random.nextBoolean() && !waiting.isEmpty()) {
            wake("");
        } else {
            running = ready.remove(random.nextInt(ready.size()));
            cpu.run(running);
        }
    }

    private void wake(String stack) {
        if (!waiting.isEmpty()) {
            long id = waiting.remove(random.nextInt(waiting.size()));
            cpu.wake(id, stack);
            ready.add(id);
        }
    }

    private void busy() {
        switch (random.nextInt(12)) {
            case 0, 1 -> {
                long id = nextGoroutine++;
                cpu.create(id, any(STARTS), any(STACKS));
                ready.add(id);
            }
            case 2, 3 -> wake(any(STACKS));
            case 4, 5 ->
                leave(() -> {
                    cpu.block(any(REASONS), any(STACKS));
                    waiting.add(running);
                });
            case 6 ->
                leave(() -> {
                    cpu.stop(any(STACKS));
                    ready.add(running);
                });
            case 7 ->
                leave(() -> {
                    if (running == 1) {
                        cpu.block("select", any(STACKS));
                        waiting.add(running);
                    } else {
                        cpu.end();
                    }
                });
            case 8 -> {
                cpu.raw("STWBegin kind=\"GC mark termination\"").at(nowMs += random.nextInt(3));
                cpu.raw("STWEnd");
            }
            case 9 -> {
                if (assisting) {
                    endAssist();
                } else {
                    cpu.raw("GCMarkAssistBegin stack=" + any(STACKS));
                    assisting = true;
                }
            }
            case 10 -> {
                cpu.raw("GoSyscallBegin p_seq=" + ++syscalls + " stack=" + any(STACKS))
                        .at(nowMs += random.nextInt(5));
                cpu.raw("GoSyscallEnd");
            }
            default -> annotate();
        }
    }

    /** An assist ends on its own goroutine. */
    private void leave(Runnable step) {
        endAssist();
        step.run();
        running = -1;
    }

    private void endAssist() {
        if (assisting) {
            cpu.raw("GCMarkAssistEnd");
            assisting = false;
        }
    }

    private void annotate() {
        switch (random.nextInt(4)) {
            case 0 -> {
                long task = nextTask++;
                boolean ours = random.nextBoolean();
                cpu.task(task, ours ? "unpark.request" : "GET /" + task);
                if (ours) {
                    cpu.log(task, "unpark.request", "route=GET+/a span=00f067aa0ba902b" + task % 10, "");
                }
                tasks.add(task);
            }
            case 1 -> {
                if (!tasks.isEmpty()) {
                    cpu.taskEnd(tasks.remove(random.nextInt(tasks.size())));
                }
            }
            case 2 -> {
                if (!tasks.isEmpty()) {
                    cpu.log(any(tasks), "unpark.end", "status=200", any(STACKS));
                }
            }
            default -> {
                long task = tasks.isEmpty() ? 0 : any(tasks);
                cpu.raw("UserRegionBegin task=" + task + " name=\"render\"").at(nowMs += random.nextInt(3));
                cpu.raw("UserRegionEnd task=" + task + " name=\"render\"");
            }
        }
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
