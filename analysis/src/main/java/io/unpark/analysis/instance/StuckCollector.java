package io.unpark.analysis.instance;

import io.unpark.analysis.detect.StuckGroup;
import io.unpark.analysis.model.Stack;
import io.unpark.trace.GoState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Groups the goroutines that have waited for long, with what the rest of the process tells about each. */
final class StuckCollector {
    /** Born by one creator within this: one moment. */
    static final long MOMENT_NS = 50_000_000L;

    /** Numbers of goroutines older than the trace, within which one may belong to the same connection. */
    private static final int NEIGHBOURS = 3;

    /** Births of one kind, by one reader, that a single connection seldom explains. */
    private static final int MANY_TIMES = 8;

    /** Waits that a timer ended, before it is a loop. */
    private static final int LOOP_MIN_WAKES = 2;

    private record Group(String start, Stack creation, Stack place, boolean looping) {}

    private final InstanceState state;
    private final long nowNs;
    private final long minWaitNs;
    private final Set<Long> openRequests = new HashSet<>();
    private final Map<Long, List<Goroutine>> childrenOf = new HashMap<>();
    private final Siblings ofMoment = new Siblings(MOMENT_NS);
    private final Set<Long> readers = new HashSet<>();
    private final Set<Long> openConnections = new HashSet<>();
    private final List<Goroutine> loopers = new ArrayList<>();
    private final Map<List<Object>, List<Long>> served = new HashMap<>();
    private final Map<List<Object>, Integer> kinServed = new HashMap<>();
    private final Map<List<Object>, Long> moments = new HashMap<>();
    private final Watchers watchers = new Watchers();
    private final Kindred kindred;
    private final long lastRequest;
    private int bodiesBeingRead;

    /** @param lastRequest the number of the last request that began */
    StuckCollector(InstanceState state, List<OpenRequest> requests, long lastRequest, long nowNs, long minWaitNs) {
        this.state = state;
        this.kindred = new Kindred(state);
        this.lastRequest = lastRequest;
        this.nowNs = nowNs;
        this.minWaitNs = minWaitNs;
        requests.stream().filter(r -> !r.ended()).forEach(r -> openRequests.add(r.local));
    }

    List<StuckGroup> collect() {
        List<Goroutine> stuck = survey();
        Map<Group, List<Goroutine>> groups = new LinkedHashMap<>();
        Map<List<Object>, Group> bornInTrace = new HashMap<>();
        for (Goroutine g : stuck) {
            if (g.created()) {
                Group key = new Group(g.start, g.creation, g.blocked, false);
                bornInTrace.putIfAbsent(List.of(g.start, g.blocked), key);
                groups.computeIfAbsent(key, k -> new ArrayList<>()).add(g);
            }
        }
        for (Goroutine g : stuck) {
            if (!g.created()) {
                // Older than the trace: it joins those of its start and place whose creation was seen.
                Group own = new Group(g.start, Stack.EMPTY, g.blocked, false);
                Group key = bornInTrace.getOrDefault(List.of(g.start, g.blocked), own);
                groups.computeIfAbsent(key, k -> new ArrayList<>()).add(g);
            }
        }
        addLoops(groups);
        List<StuckGroup> result = new ArrayList<>();
        groups.forEach((key, members) -> result.add(group(key, members)));
        return result;
    }

    /** One loop may wait in several places: the first one's will do. Those older than the trace join the others. */
    private void addLoops(Map<Group, List<Goroutine>> groups) {
        Map<List<Object>, Group> loops = new HashMap<>();
        Map<String, Stack> creations = new HashMap<>();
        loopers.stream().filter(Goroutine::created).forEach(g -> creations.putIfAbsent(g.start, g.creation));
        for (Goroutine g : loopers) {
            Stack creation = g.created() ? g.creation : creations.getOrDefault(g.start, Stack.EMPTY);
            Group own = new Group(g.start, creation, g.blocked, true);
            Group key = loops.computeIfAbsent(List.of(g.start, creation), k -> own);
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(g);
        }
    }

    private List<Goroutine> survey() {
        List<Goroutine> stuck = new ArrayList<>();
        state.goroutines.forEachSorted(g -> {
            if (g.creator != Goroutine.NOBODY) {
                childrenOf.computeIfAbsent(g.creator, k -> new ArrayList<>()).add(g);
            }
            boolean reads = ConnectionReaders.isReader(g);
            if (reads) {
                readers.add(g.id);
            }
            watchers.met(g);
            kindred.met(g);
            if (reads || HttpNames.isBackgroundRead(g.start) || isHandled(g)) {
                openConnections.add(g.id);
            }
            if (isReadingBody(g)) {
                bodiesBeingRead++;
            }
            if (isStuck(g)) {
                stuck.add(g);
            } else if (g.state == GoState.WAITING && servedHere(g) > 0) {
                noteServed(g);
            }
            if (!isStuck(g) && isLooping(g)) {
                loopers.add(g);
            }
        });
        return stuck;
    }

    /** How often it was given something where it waits. Two that only ever served each other, and both wait, are no workers. */
    private int servedHere(Goroutine g) {
        if (g.served == null) {
            return g.wokenHere;
        }
        Goroutine server = state.goroutines.get(g.served.by());
        boolean mutual = server != null && server.served != null && server.served.by() == g.id && isStuck(server);
        return mutual ? g.wokenHere : Math.max(g.wokenHere, g.served.at(g.blocked));
    }

    private void noteServed(Goroutine g) {
        if (!g.created()) {
            served.computeIfAbsent(List.of(g.start, g.blocked), k -> new ArrayList<>())
                    .add(g.id);
        } else if (!openRequests.contains(g.bornInRequest) && !readers.contains(g.creator)) {
            // One whose own request or connection lives is served for that, and tells nothing of those that were left.
            kinServed.merge(List.of(g.start, g.creation, g.blocked), 1, Integer::sum);
        }
    }

    private boolean isStuck(Goroutine g) {
        return g.state == GoState.WAITING
                && nowNs - g.sinceNs >= minWaitNs
                && !g.blocked.isEmpty()
                && !g.start.isEmpty();
    }

    /** Old enough to be judged, and only timers wake it. A connection's goroutine goes from request to request instead. */
    private boolean isLooping(Goroutine g) {
        boolean old = !g.created() || nowNs - g.createdNs >= minWaitNs;
        return g.state == GoState.WAITING
                && old
                && g.timerWakes >= LOOP_MIN_WAKES
                && g.servedWakes == 0
                && !g.start.startsWith("net/http.")
                && !g.blocked.isEmpty()
                && !g.start.isEmpty();
    }

    private static boolean isHandled(Goroutine g) {
        return g.request != null && RequestTracker.isMain(g, g.request);
    }

    private boolean isReadingBody(Goroutine g) {
        return g.state == GoState.WAITING && state.shapes.of(g.blocked).inBodyRead();
    }

    private StuckGroup group(Group key, List<Goroutine> members) {
        Cohort cohort = state.cohorts.cohort(new Cohorts.Key(key.start(), key.creation()));
        WaitHistory history = state.cohorts.waitsAt(key.place());
        String reason = members.stream()
                .map(g -> g.reason)
                .filter(r -> !r.isEmpty())
                .findFirst()
                .orElse("");
        return new StuckGroup(
                key.start(),
                key.creation(),
                key.place(),
                reason,
                members.stream().map(this::member).toList(),
                nowNs,
                cohort.created,
                cohort.ended,
                cohort.lastCreatedNs,
                cohort.longestLifeNs,
                history::lastEndNs,
                key.looping(),
                bodiesBeingRead,
                Births.of(
                        members,
                        served.getOrDefault(List.of(key.start(), key.place()), List.of()),
                        id -> state.goroutines.get(id) != null),
                kinServed.getOrDefault(List.of(key.start(), key.creation(), key.place()), 0),
                lastRequest,
                key.creation().isEmpty() ? kindred.of(key.start()) : StuckGroup.Kin.NONE,
                kindred.stage(key.start(), key.place(), g -> isStuck(g) && g.blocked.equals(key.place())));
    }

    private StuckGroup.Member member(Goroutine g) {
        Goroutine creator = g.creator == Goroutine.NOBODY ? null : state.goroutines.get(g.creator);
        boolean requestOver = g.bornInRequest != 0 && !openRequests.contains(g.bornInRequest);
        boolean handles = g.request != null && RequestTracker.isMain(g, g.request);
        boolean inRequest = handles || g.bornInRequest != 0 && !requestOver;
        List<Goroutine> children = childrenOf.getOrDefault(g.id, List.of());
        List<Goroutine> siblings = siblings(g);
        return new StuckGroup.Member(
                g.id,
                g.creator,
                g.bornInRequest,
                g.createdNs,
                g.sinceNs,
                g.sinceAtLeast,
                // Before a missing generation it may have been given something, wherever it waited.
                g.created() ? servedHere(g) : Math.max(servedHere(g), Math.min(1, g.servedWakes)),
                g.created() && (creator == null || requestOver),
                creator == null ? Long.MIN_VALUE : creator.sinceNs,
                inRequest,
                handles && (g.request.clientLeft || watchers.isLeft(g)),
                siblings.stream().anyMatch(s -> atWork(s) && Siblings.isOfOneJob(g, s)),
                children.stream().anyMatch(this::atWork),
                isOrphanedWait(g, children, siblings),
                creator != null && ConnectionReaders.accepts(creator),
                onConnection(g, children, siblings));
    }

    /** Those born in its moment, if there can be one that is at work or reads, or that its own wait depends on. */
    private List<Goroutine> siblings(Goroutine g) {
        if (!g.created()) {
            return List.of();
        }
        List<Goroutine> children = childrenOf.getOrDefault(g.creator, List.of());
        boolean matters = children.size() > 1
                && (state.shapes.of(g.blocked).inJoin()
                        || ofMoment.anyTells(children, s -> atWork(s) || readers.contains(s.id)));
        return matters ? ofMoment.of(g, children) : List.of();
    }

    private boolean onConnection(Goroutine g, List<Goroutine> children, List<Goroutine> siblings) {
        if (!g.created()) {
            for (long id = g.id - NEIGHBOURS; id <= g.id + NEIGHBOURS; id++) {
                if (id != g.id && openConnections.contains(id)) {
                    return true;
                }
            }
            return false;
        }
        return readers.contains(g.creator) && !goesFromOneToTheNext(g)
                || children.stream().anyMatch(c -> readers.contains(c.id))
                || siblings.stream().anyMatch(s -> readers.contains(s.id));
    }

    /**
     * Whether its creator, which reads a connection now, had others before: for one connection it makes a few, and it never waits for
     * a timer, as those do that connect again. Who shares one connection among many streams makes many for it, but only reads.
     */
    private boolean goesFromOneToTheNext(Goroutine g) {
        boolean pauses = state.goroutines.get(g.creator).timerWakes >= LOOP_MIN_WAKES;
        return pauses && madeManyTimes(g);
    }

    private boolean madeManyTimes(Goroutine g) {
        return moments.computeIfAbsent(
                        List.of(g.creator, g.start),
                        k -> childrenOf.get(g.creator).stream()
                                .filter(c -> c.start.equals(g.start))
                                .map(c -> c.createdNs / MOMENT_NS)
                                .distinct()
                                .limit(MANY_TIMES)
                                .count())
                >= MANY_TIMES;
    }

    /** A WaitGroup whose workers are all gone: the waiter's own children, or those its creator made just before it. */
    private boolean isOrphanedWait(Goroutine g, List<Goroutine> children, List<Goroutine> siblings) {
        boolean waits = state.shapes.of(g.blocked).inJoin();
        boolean hadWorkers = g.children > 0 || g.elderSiblings > 0;
        return waits && g.created() && hadWorkers && children.isEmpty() && siblings.isEmpty();
    }

    /** It runs, or was woken lately and will be again. */
    private boolean atWork(Goroutine g) {
        return switch (g.state) {
            case RUNNING, RUNNABLE, SYSCALL -> true;
            case WAITING -> g.reason.equals("sleep") || nowNs - g.sinceNs < minWaitNs && g.timerWakes >= LOOP_MIN_WAKES;
            case UNDETERMINED, NOT_EXIST -> false;
        };
    }
}
