package io.unpark.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A toy of Go's scheduler that writes a valid trace with many Ms whose clocks disagree, and knows the true order. Recorded
 * traces hardly ever need reordering; these need it all the time.
 */
final class Simulation {
    private static final int STEP_TICKS = 1024;

    private static final class Thread {
        final int m;
        final long skewTicks;
        int proc = -1;
        int goroutine = -1;
        boolean inSyscall;
        StringBuilder events = new StringBuilder();
        long lastTicks;

        Thread(int m, long skewTicks) {
            this.m = m;
            this.skewTicks = skewTicks;
        }
    }

    private final Random random;
    private final int maxSkewSteps;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Integer, String> procs = new TreeMap<>();
    private final Map<Integer, String> goroutines = new TreeMap<>();
    private final Map<String, Integer> sequences = new HashMap<>();
    private final StringBuilder text = new StringBuilder("Trace Go1.26\n");
    private final Map<String, List<String>> history = new TreeMap<>();
    private int created;
    private long step = 1000;

    Simulation(long seed, int threadCount, int procCount, int maxSkewSteps) {
        this.random = new Random(seed);
        this.maxSkewSteps = maxSkewSteps;
        for (int m = 0; m < threadCount; m++) {
            threads.add(new Thread(m, (long) random.nextInt(maxSkewSteps + 1) * STEP_TICKS + m));
        }
        for (int p = 0; p < procCount; p++) {
            threads.get(p).proc = p;
            procs.put(p, "running");
        }
        threads.get(0).goroutine = ++created;
        goroutines.put(created, "running");
    }

    /** Transitions of each goroutine and P in true order, as "Runnable->Running"; statuses left out. */
    Map<String, List<String>> history() {
        return history;
    }

    String text() {
        return text.toString();
    }

    void generation(int number, int steps) {
        text.append("Generation ").append(number).append('\n');
        sequences.clear();
        introduce();
        for (int i = 0; i < steps; i++) {
            act(threads.get(random.nextInt(threads.size())));
        }
        for (Thread thread : threads) {
            text.append(thread.events);
            thread.events.setLength(0);
        }
        // The clocks of one generation stay behind those of the next.
        step += maxSkewSteps + 1;
    }

    private void introduce() {
        for (Thread thread : threads) {
            if (thread.proc >= 0) {
                emit(thread, "ProcStatus p=" + thread.proc + " pstatus=" + procs.get(thread.proc));
            }
            if (thread.goroutine >= 0) {
                String status = goroutines.get(thread.goroutine);
                emit(thread, "GoStatus g=" + thread.goroutine + " m=" + thread.m + " gstatus=" + status);
            }
        }
        Thread first = threads.get(random.nextInt(threads.size()));
        procs.forEach((proc, status) -> {
            if (status.equals("idle")) {
                emit(first, "ProcStatus p=" + proc + " pstatus=idle");
            }
        });
        goroutines.forEach((goroutine, status) -> {
            if (status.equals("runnable") || status.equals("waiting")) {
                emit(first, "GoStatus g=" + goroutine + " m=none gstatus=" + status);
            }
        });
    }

    private void act(Thread t) {
        if (t.inSyscall) {
            inSyscall(t);
        } else if (t.proc < 0) {
            startProc(t);
        } else if (t.goroutine < 0) {
            schedule(t);
        } else {
            run(t);
        }
    }

    private void run(Thread t) {
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                goroutines.put(++created, "runnable");
                emit(t, "GoCreate new_g=" + created + " new_stack=main.f@f.go:1 stack=main.g@f.go:2");
                note("GoID=" + created, "NotExist->Runnable");
            }
            case 2 -> leave(t, "GoBlock reason=\"select\" stack=main.f@f.go:3", "waiting", "Running->Waiting");
            case 3 -> leave(t, "GoStop reason=\"preempted\"", "runnable", "Running->Runnable");
            case 4 -> unblock(t);
            case 5 -> {
                if (t.goroutine > 1) {
                    leave(t, "GoDestroy", null, "Running->NotExist");
                }
            }
            case 6 -> steal(t);
            default -> {
                t.inSyscall = true;
                procs.put(t.proc, "syscall");
                goroutines.put(t.goroutine, "syscall");
                emit(t, "GoSyscallBegin p_seq=" + next("P" + t.proc) + " stack=os.Read@r.go:1");
                note("GoID=" + t.goroutine, "Running->Syscall");
            }
        }
    }

    private void schedule(Thread t) {
        if (random.nextInt(4) == 0) {
            procs.put(t.proc, "idle");
            emit(t, "ProcStop");
            note("ProcID=" + t.proc, "Running->Idle");
            t.proc = -1;
            return;
        }
        int ready = pick(goroutines, "runnable");
        if (ready >= 0) {
            goroutines.put(ready, "running");
            t.goroutine = ready;
            emit(t, "GoStart g=" + ready + " g_seq=" + next("G" + ready));
            note("GoID=" + ready, "Runnable->Running");
        } else {
            unblock(t);
        }
    }

    private void inSyscall(Thread t) {
        if (t.proc >= 0 && procs.get(t.proc).equals("syscall")) {
            t.inSyscall = false;
            procs.put(t.proc, "running");
            goroutines.put(t.goroutine, "running");
            emit(t, "GoSyscallEnd");
            note("GoID=" + t.goroutine, "Syscall->Running");
        } else if (t.proc < 0 && random.nextBoolean()) {
            startProc(t);
        } else {
            t.inSyscall = false;
            leave(t, "GoSyscallEndBlocked", "runnable", "Syscall->Runnable");
        }
    }

    private void startProc(Thread t) {
        int idle = pick(procs, "idle");
        if (idle >= 0) {
            procs.put(idle, "running");
            t.proc = idle;
            emit(t, "ProcStart p=" + idle + " p_seq=" + next("P" + idle));
            note("ProcID=" + idle, "Idle->Running");
        }
    }

    private void steal(Thread t) {
        int proc = pick(procs, "syscall");
        if (proc >= 0) {
            Thread victim = threads.stream()
                    .filter(other -> other.proc == proc)
                    .findFirst()
                    .orElseThrow();
            victim.proc = -1;
            procs.put(proc, "idle");
            emit(t, "ProcSteal p=" + proc + " p_seq=" + next("P" + proc) + " m=" + victim.m);
            note("ProcID=" + proc, "Running->Idle");
        }
    }

    private void unblock(Thread t) {
        int waiting = pick(goroutines, "waiting");
        if (waiting >= 0) {
            goroutines.put(waiting, "runnable");
            emit(t, "GoUnblock g=" + waiting + " g_seq=" + next("G" + waiting));
            note("GoID=" + waiting, "Waiting->Runnable");
        }
    }

    private void leave(Thread t, String event, String status, String change) {
        if (status == null) {
            goroutines.remove(t.goroutine);
        } else {
            goroutines.put(t.goroutine, status);
        }
        emit(t, event);
        note("GoID=" + t.goroutine, change);
        t.goroutine = -1;
    }

    private int pick(Map<Integer, String> from, String status) {
        List<Integer> found =
                from.keySet().stream().filter(id -> from.get(id).equals(status)).toList();
        return found.isEmpty() ? -1 : found.get(random.nextInt(found.size()));
    }

    private int next(String resource) {
        return sequences.merge(resource, 1, Integer::sum);
    }

    private void note(String subject, String change) {
        history.computeIfAbsent(subject, key -> new ArrayList<>()).add(change);
    }

    /** Times are unique: a whole number of steps, and the M's number. */
    private void emit(Thread t, String event) {
        long ticks = ++step * STEP_TICKS + t.skewTicks;
        if (t.events.length() == 0) {
            t.events.append("M ").append(t.m).append(" at ").append(ticks).append('\n');
            t.lastTicks = ticks;
        }
        t.events
                .append('+')
                .append(ticks - t.lastTicks)
                .append(' ')
                .append(event)
                .append('\n');
        t.lastTicks = ticks;
    }
}
