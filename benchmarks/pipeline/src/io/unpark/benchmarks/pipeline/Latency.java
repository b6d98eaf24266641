package io.unpark.benchmarks.pipeline;

import io.unpark.ingest.ChunkProducer;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.TopicSerdes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * From the acknowledgement of the last chunk that an anomaly needs until the HTTP API of a running all-in-one process has it, while other
 * instances keep it busy. Each probe is a service of its own, so that its anomaly is new; the first third of each kind's warm up.
 */
final class Latency {
    private static final long ASK_EVERY_MS = 5;
    private static final long SETTLE_MS = 500;
    private static final long LIMIT_NS = 60_000_000_000L;

    /** How services are called that a probe waits for, behind their number. */
    private static final String MARK = "-probed";

    private static final List<String> KINDS = List.of("data_race", "goroutine_leak", "deadline_not_propagated");
    private static final long WARM_UP_MS = 20_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String web;
    private final ChunkProducer producer;
    private final Sightings sightings;

    /** Milliseconds since the acknowledgement: seen among the findings, among the anomalies, by the API. */
    private record Took(double findingMs, double anomalyMs, double apiMs) {}

    /** Recordings of one request's services; the anomaly is of the last one's, and comes with one of its generations. */
    private record Probe(String kind, int hops, List<Recording> recordings) {}

    private Latency(String web, ChunkProducer producer, Sightings sightings) {
        this.web = web;
        this.producer = producer;
        this.sightings = sightings;
    }

    /** Web address, broker, registry, load in megabytes a second, probes a kind, the demo's recordings. */
    public static void main(String[] args) throws Exception {
        Map<String, Object> cluster = Map.of("bootstrap.servers", args[1]);
        TopicSerdes serdes = TopicSerdes.of(RegistryConfig.of(args[2]));
        Path recordings = Path.of(args[5]);
        Load load = Load.read(List.of(recordings.resolve("healthy").toString()));
        List<String> topics = List.of(Topics.FINDINGS.name(), Topics.ANOMALIES.name());
        try (ChunkProducer producer = new ChunkProducer(cluster, TopicLayout.DEFAULT, serdes);
                Sightings sightings = Sightings.start(cluster, topics, KINDS, MARK);
                ChunkProducer loads = new ChunkProducer(cluster, TopicLayout.DEFAULT, serdes)) {
            Thread background = new Thread(() -> send(loads, load, Double.parseDouble(args[3]) * 1e6), "load");
            background.setDaemon(true);
            background.start();
            Latency latency = new Latency(args[0], producer, sightings);
            Thread.sleep(WARM_UP_MS);
            System.out.println("kind hops probes p50-ms p90-ms p99-ms (of them until among findings, until among anomalies)");
            int probes = Integer.parseInt(args[4]);
            latency.races(probes, Files.readString(raceLog(recordings)));
            latency.probes(probes, new Probe("goroutine_leak", 2, List.of(read(recordings, "leak/orders"))));
            latency.probes(
                    probes,
                    new Probe(
                            "deadline_not_propagated",
                            3,
                            List.of(read(recordings, "noheader/gateway"), read(recordings, "noheader/orders"))));
        }
    }

    private static Recording read(Path recordings, String name) throws IOException {
        return Recording.read(recordings.resolve(name + ".trace.xz"), name);
    }

    private static Path raceLog(Path recordings) throws IOException {
        try (var logs = Files.list(recordings.resolve("race"))) {
            return logs.filter(it -> it.toString().endsWith(".log")).findFirst().orElseThrow();
        }
    }

    /** Keeps the rate until the process ends. */
    private static void send(ChunkProducer producer, Load load, double bytesPerS) {
        long beganNs = System.nanoTime();
        double sent = 0;
        try {
            for (int copy = 1_000_000; bytesPerS > 0; copy++) {
                for (int i = 0; i < load.recordings().stream().mapToInt(Recording::generations).max().orElseThrow(); i++) {
                    for (Recording recording : load.recordings()) {
                        if (i < recording.generations()) {
                            producer.accept(recording.copy(i, copy, 0, 0));
                            sent += recording.bytes(i);
                        }
                        while (System.nanoTime() - beganNs < sent / bytesPerS * 1e9) {
                            Thread.sleep(1);
                        }
                    }
                }
            }
        } catch (IOException | InterruptedException e) {
            System.err.println("the load ended: " + e);
        }
    }

    private void races(int probes, String log) throws Exception {
        List<Took> took = new ArrayList<>();
        for (int i = 0; i < probes; i++) {
            String service = "race" + i + MARK;
            HttpRequest push = HttpRequest.newBuilder(URI.create(web + "/ingest/v1/race?service=" + service + "&instance=a"))
                    .POST(HttpRequest.BodyPublishers.ofString(log))
                    .build();
            int status = http.send(push, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status != 202) {
                throw new IOException("a push was answered by " + status);
            }
            took.add(took(service, "data_race"));
        }
        took.subList(0, probes / 3).clear();
        print("data_race", 2, took);
    }

    private void probes(int probes, Probe probe) throws Exception {
        int decisive = decisive(probe);
        List<Took> took = new ArrayList<>();
        for (int i = 0; i < probes; i++) {
            String service = service(probe, i);
            Recording last = sendOthers(probe, i);
            for (int generation = 0; generation < decisive; generation++) {
                producer.accept(last.copy(generation, i, 0, 0));
            }
            // What came before is out of the way, so that only the decisive generation is waited for.
            Thread.sleep(SETTLE_MS);
            producer.accept(last.copy(decisive, i, 0, 0));
            took.add(took(service, probe.kind()));
        }
        took.subList(0, probes / 3).clear();
        print(probe.kind(), probe.hops(), took);
    }

    /** Since now, which is when the last of what is needed was acknowledged. */
    private Took took(String service, String kind) throws IOException, InterruptedException {
        long sinceNs = System.nanoTime();
        long ns = awaitAnomaly(service, kind, sinceNs, LIMIT_NS);
        return new Took(
                ms(sightings.firstNs(Topics.FINDINGS.name(), kind, service), sinceNs),
                ms(sightings.firstNs(Topics.ANOMALIES.name(), kind, service), sinceNs),
                ns < 0 ? Double.NaN : ns / 1e6);
    }

    /** What is not seen yet although the API has it is on its way: not a number, which is sorted last. */
    private static double ms(OptionalLong ns, long sinceNs) {
        return ns.isEmpty() ? Double.NaN : (ns.getAsLong() - sinceNs) / 1e6;
    }

    /** The generation of the last recording that brings the anomaly, found by trying one after the other. */
    private int decisive(Probe probe) throws Exception {
        Recording last = sendOthers(probe, -1);
        for (int generation = 0; generation < last.generations(); generation++) {
            producer.accept(last.copy(generation, 0, 1_000, 0));
            if (awaitAnomaly(service(probe, -1), probe.kind(), System.nanoTime(), LIMIT_NS / 12) >= 0) {
                return generation;
            }
        }
        throw new IOException("no " + probe.kind() + " comes of the recordings");
    }

    /** All recordings but the last, which is returned under its probe's name. */
    private Recording sendOthers(Probe probe, int number) throws IOException {
        int copy = Math.max(0, number);
        int round = number < 0 ? 1_000 : 0;
        for (Recording recording : probe.recordings().subList(0, probe.recordings().size() - 1)) {
            Recording named = recording.named("caller-" + service(probe, number));
            for (int generation = 0; generation < named.generations(); generation++) {
                producer.accept(named.copy(generation, copy, round, 0));
            }
        }
        return probe.recordings().get(probe.recordings().size() - 1).named(service(probe, number));
    }

    private static String service(Probe probe, int number) {
        return probe.kind().replace('_', '-') + number + MARK;
    }

    /** @return nanoseconds since {@code sinceNs}; -1 when it does not come within the limit */
    private long awaitAnomaly(String service, String kind, long sinceNs, long limitNs)
            throws IOException, InterruptedException {
        HttpRequest ask = HttpRequest.newBuilder(
                        URI.create(web + "/api/v1/anomalies?service=" + service + "&kind=" + kind))
                .build();
        while (System.nanoTime() - sinceNs < limitNs) {
            String answer = http.send(ask, HttpResponse.BodyHandlers.ofString()).body();
            long nowNs = System.nanoTime();
            if (answer.contains("\"kind\"")) {
                return nowNs - sinceNs;
            }
            Thread.sleep(ASK_EVERY_MS);
        }
        return -1;
    }

    private static void print(String kind, int hops, List<Took> took) {
        double[] finding = took.stream().mapToDouble(Took::findingMs).sorted().toArray();
        double[] anomaly = took.stream().mapToDouble(Took::anomalyMs).sorted().toArray();
        double[] api = took.stream().mapToDouble(Took::apiMs).sorted().toArray();
        System.out.printf("%s %d %d", kind, hops, api.length);
        for (double share : new double[] {0.5, 0.9, 0.99}) {
            int at = Math.min(api.length - 1, (int) (api.length * share));
            System.out.printf(" %.0f (%.0f, %.0f)", api[at], finding[at], anomaly[at]);
        }
        System.out.println();
    }
}
