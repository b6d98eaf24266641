package io.unpark.ingest.scrape;

import io.unpark.ingest.discovery.TargetSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scrapes the targets of all jobs by their schedules. So many scrapes run at once at most, one of a target; those on demand have a
 * little room of their own. Thread-safe.
 */
public final class Scrapers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scrapers.class);
    private static final int MAX_ON_DEMAND = 2;
    private static final long LOOK_AT_LEAST_EVERY_MS = 60_000;
    private static final long END_WITHIN_S = 10;

    private final int concurrency;
    private final List<JobDiscovery> jobs;
    private final TargetTable table;
    private final ScrapeTotals totals;
    private final Fetch fetch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(2, named("unpark-discovery"));
    private final ExecutorService workers;
    private final Thread planner = named("unpark-scrape-planner").newThread(this::plan);
    private int running;
    private int runningOnDemand;
    private boolean closed;

    /**
     * Starts nothing yet.
     *
     * @param takers by the name of the endpoint's kind; one for each kind that a job has
     * @param concurrency scheduled scrapes at once, at least 1
     * @param clock for what is told of; schedules go by a clock that does not jump
     */
    public Scrapers(
            List<ScrapeJob> jobs, Map<String, BodyTaker> takers, int concurrency, Clock clock, RandomGenerator random) {
        this.concurrency = concurrency;
        this.table = new TargetTable(random);
        this.totals = new ScrapeTotals(jobs);
        this.fetch = new Fetch(takers, clock, timer);
        this.workers = Executors.newFixedThreadPool(concurrency + MAX_ON_DEMAND, named("unpark-scrape"));
        this.jobs = jobs.stream().map(job -> discovery(job, clock)).toList();
        timer.setRemoveOnCancelPolicy(true);
    }

    private JobDiscovery discovery(ScrapeJob job, Clock clock) {
        return new JobDiscovery(job, clock, groups -> {
            lock.lock();
            try {
                table.replace(job, groups, nowMs());
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        });
    }

    /** From now on targets are looked for and scraped. */
    public void start() {
        for (JobDiscovery job : jobs) {
            for (TargetSource source : job.job().sources()) {
                long everyMs = source.refreshEvery().toMillis();
                timer.scheduleWithFixedDelay(() -> job.ask(source), 0, everyMs, TimeUnit.MILLISECONDS);
            }
        }
        planner.start();
    }

    /** Targets known now of a service, and of one instance of it if one is named. */
    public List<ScrapeTarget> find(String service, Optional<String> instance) {
        lock.lock();
        try {
            return table.all().stream()
                    .map(TargetRun::target)
                    .filter(it -> it.service().equals(service))
                    .filter(it -> instance.isEmpty() || it.instance().equals(instance.get()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Targets known now of a service that have such an endpoint, by schedule or on demand. */
    public List<ScrapeTarget> offering(String service, String endpoint) {
        lock.lock();
        try {
            return table.all().stream()
                    .filter(it -> it.target().service().equals(service))
                    .filter(it -> it.onDemand(endpoint).isPresent())
                    .map(TargetRun::target)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Scrapes one target at once, beside the schedule. The result tells of a trouble; it never fails.
     *
     * @param endpoint name of one of its job's endpoints, such as {@code trace}, or of a profile
     * @param collecting how long the service shall collect; as configured when empty
     */
    public CompletableFuture<ScrapeOutcome> now(ScrapeTarget target, String endpoint, Optional<Duration> collecting) {
        lock.lock();
        try {
            Optional<TargetRun> run = table.find(target.id());
            Optional<EndpointRun> asked = run.flatMap(it -> it.onDemand(endpoint));
            if (closed || asked.isEmpty()) {
                return refused("there is no such target with an endpoint " + endpoint + " any more");
            }
            if (!run.get().running().isEmpty()) {
                return refused("this target is being asked for its " + run.get().running() + " right now");
            }
            if (runningOnDemand >= MAX_ON_DEMAND) {
                return refused(MAX_ON_DEMAND + " captures on demand are under way");
            }
            CompletableFuture<ScrapeOutcome> result = new CompletableFuture<>();
            Duration howLong = collecting.orElse(asked.get().endpoint().collecting());
            begin(run.get(), asked.get(), howLong, Optional.of(result));
            return result;
        } finally {
            lock.unlock();
        }
    }

    private static CompletableFuture<ScrapeOutcome> refused(String why) {
        ScrapeTrouble trouble = Troubles.busy(why);
        return CompletableFuture.completedFuture(
                new ScrapeOutcome(Instant.EPOCH, Duration.ZERO, 0, 0, Optional.of(trouble)));
    }

    private void plan() {
        lock.lock();
        try {
            while (!closed) {
                long nowMs = nowMs();
                Optional<TargetTable.Due> due = running < concurrency ? table.due(nowMs) : Optional.empty();
                if (due.isPresent()) {
                    EndpointRun endpoint = due.get().endpoint();
                    begin(due.get().run(), endpoint, endpoint.endpoint().collecting(), Optional.empty());
                    continue;
                }
                long untilMs = nowMs + LOOK_AT_LEAST_EVERY_MS;
                long nextMs = running < concurrency ? table.nextMs(untilMs) : untilMs;
                changed.await(Math.max(1, nextMs - nowMs), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            LOG.debug("planner ends");
        } finally {
            lock.unlock();
        }
    }

    private void begin(
            TargetRun run, EndpointRun endpoint, Duration howLong, Optional<CompletableFuture<ScrapeOutcome>> asked) {
        run.running(endpoint.endpoint().name());
        count(asked.isPresent(), 1);
        workers.execute(() -> {
            ScrapeOutcome outcome = fetch.run(run.job(), run.target(), endpoint.endpoint(), howLong);
            ended(run, endpoint, outcome, asked.isPresent());
            asked.ifPresent(it -> it.complete(outcome));
        });
    }

    private void ended(TargetRun run, EndpointRun endpoint, ScrapeOutcome outcome, boolean onDemand) {
        lock.lock();
        try {
            boolean firstFailure = outcome.trouble().isPresent() && endpoint.failures() == 0;
            if (onDemand) {
                endpoint.note(outcome);
            } else {
                endpoint.ended(outcome, nowMs());
            }
            totals.add(run.job().name(), endpoint.endpoint().name(), outcome);
            run.running("");
            count(onDemand, -1);
            changed.signalAll();
            if (firstFailure && !closed) {
                ScrapeTrouble trouble = outcome.trouble().get();
                LOG.warn(
                        "{} of {}: {} {}",
                        endpoint.endpoint().name(),
                        run.target().base(),
                        trouble.what(),
                        trouble.nextStep());
            }
        } finally {
            lock.unlock();
        }
    }

    private void count(boolean onDemand, int change) {
        if (onDemand) {
            runningOnDemand += change;
        } else {
            running += change;
        }
    }

    /** As of now. */
    public ScrapeStatus status() {
        // Before the lock: whoever tells of targets holds the job's while it waits for this one.
        List<Map<TargetSource, JobDiscovery.Known>> known =
                jobs.stream().map(JobDiscovery::known).toList();
        lock.lock();
        try {
            int now = running + runningOnDemand;
            return new StatusSheet(jobs, table, totals).fill(known, now, nowMs());
        } finally {
            lock.unlock();
        }
    }

    /** The sums of one endpoint of one job; nothing when there is none such. */
    public Optional<ScrapeStatus.Totals> totals(String job, String endpoint) {
        lock.lock();
        try {
            return totals.of(job, endpoint);
        } finally {
            lock.unlock();
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Ends what is under way: a service that notices stops tracing; what was acknowledged stays. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        timer.shutdownNow();
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(END_WITHIN_S, TimeUnit.SECONDS)) {
                LOG.warn("scrapes under way did not end within {} s", END_WITHIN_S);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
