package io.unpark.ingest.scrape;

import io.unpark.ingest.discovery.TargetGroup;
import io.unpark.ingest.scrape.ScrapeStatus.RejectedTarget;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The targets of all jobs. Not thread-safe: {@link Scrapers} guards it. */
final class TargetTable {
    private static final int MAX_TARGETS = 20_000;
    private static final int MAX_REJECTED = 100;

    private final RandomGenerator random;
    private final Map<String, TargetRun> runs = new LinkedHashMap<>();
    private final Map<String, List<RejectedTarget>> rejected = new HashMap<>();

    /** A scrape that should begin. */
    record Due(TargetRun run, EndpointRun endpoint) {}

    private record Identity(String namespace, String service, String instance) {
        static Identity of(ScrapeTarget target) {
            return new Identity(target.namespace(), target.service(), target.instance());
        }
    }

    TargetTable(RandomGenerator random) {
        this.random = random;
    }

    /** Puts a job's targets in the place of those it had; one that stays keeps its schedule and its past. */
    void replace(ScrapeJob job, List<TargetGroup> groups, long nowMs) {
        List<RejectedTarget> refused = new ArrayList<>();
        Map<String, ScrapeTarget> wanted = wanted(job, groups, refused);
        runs.values()
                .removeIf(run -> run.job() == job
                        && !run.target().equals(wanted.get(run.target().id())));
        Set<Identity> taken = new HashSet<>();
        runs.values().forEach(run -> taken.add(Identity.of(run.target())));
        for (ScrapeTarget target : wanted.values()) {
            if (runs.containsKey(target.id())) {
                continue;
            }
            if (runs.size() >= MAX_TARGETS) {
                refuse(refused, target.base().toString(), "there are " + MAX_TARGETS + " targets already");
            } else if (!taken.add(Identity.of(target))) {
                refuse(
                        refused,
                        target.base().toString(),
                        "another target is instance " + target.instance() + " of " + target.service()
                                + " already; give each a label instance of its own");
            } else {
                runs.put(target.id(), new TargetRun(job, target, nowMs, random));
            }
        }
        rejected.put(job.name(), refused);
    }

    private static Map<String, ScrapeTarget> wanted(
            ScrapeJob job, List<TargetGroup> groups, List<RejectedTarget> refused) {
        Map<String, ScrapeTarget> wanted = new LinkedHashMap<>();
        for (TargetGroup group : groups) {
            Map<String, String> labels = new HashMap<>(job.labels());
            labels.putAll(group.labels());
            for (String address : group.targets()) {
                try {
                    ScrapeTarget target = ScrapeTarget.of(job.name(), job.scheme(), address, labels);
                    wanted.putIfAbsent(target.id(), target);
                } catch (IllegalArgumentException e) {
                    refuse(refused, address, e.getMessage());
                }
            }
        }
        return wanted;
    }

    private static void refuse(List<RejectedTarget> refused, String address, String why) {
        if (refused.size() < MAX_REJECTED) {
            String clean = address.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
            refused.add(new RejectedTarget(clean.substring(0, Math.min(200, clean.length())), why));
        }
    }

    /** What is due longest, of targets that are not being asked. */
    Optional<Due> due(long nowMs) {
        Due found = null;
        for (TargetRun run : runs.values()) {
            if (!run.running().isEmpty()) {
                continue;
            }
            for (EndpointRun endpoint : run.endpoints()) {
                if (endpoint.dueMs() <= nowMs
                        && (found == null || endpoint.dueMs() < found.endpoint().dueMs())) {
                    found = new Due(run, endpoint);
                }
            }
        }
        return Optional.ofNullable(found);
    }

    /** When the next is due, of targets that are not being asked; {@code latestMs} when nothing is before that. */
    long nextMs(long latestMs) {
        return runs.values().stream()
                .filter(run -> run.running().isEmpty())
                .flatMap(run -> run.endpoints().stream())
                .mapToLong(EndpointRun::dueMs)
                .reduce(latestMs, Math::min);
    }

    Optional<TargetRun> find(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    Collection<TargetRun> all() {
        return runs.values();
    }

    List<RejectedTarget> rejected(String job) {
        return rejected.getOrDefault(job, List.of());
    }
}
