package io.unpark.ingest.config;

import io.unpark.ingest.discovery.FileTargets;
import io.unpark.ingest.discovery.HttpTargets;
import io.unpark.ingest.discovery.StaticTargets;
import io.unpark.ingest.discovery.TargetGroup;
import io.unpark.ingest.discovery.TargetGroups;
import io.unpark.ingest.discovery.TargetSource;
import io.unpark.ingest.outgoing.HttpAccess;
import io.unpark.ingest.scrape.Endpoint;
import io.unpark.ingest.scrape.EndpointKind;
import io.unpark.ingest.scrape.ScrapeJob;
import io.unpark.ingest.scrape.ScrapeTarget;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads one of {@code scrape_configs}, by Prometheus's names where it has one. */
final class JobReader {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration FILE_REFRESH = Duration.ofMinutes(5);
    private static final Duration HTTP_REFRESH = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final double JITTER = 0.1;
    private static final double MAX_TRACE_SECONDS = 600;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./-]{0,99}");
    private static final Pattern PATH = Pattern.compile("/[!-~]{0,500}");

    private JobReader() {}

    static ScrapeJob read(Section job) {
        String name = job.required("job_name");
        if (!NAME.matcher(name).matches()) {
            throw job.mistake("job_name", "letters, digits and _ . / - are expected");
        }
        Duration timeout = job.duration("scrape_timeout", SECOND, DAY).orElse(TIMEOUT);
        String scheme = job.text("scheme").orElse("http");
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw job.mistake("scheme", "http or https is expected");
        }
        return new ScrapeJob(
                name,
                scheme,
                job.labels("labels"),
                endpoints(job),
                timeout,
                job.number("jitter", 0, 0.5).orElse(JITTER),
                AccessReader.read(job, timeout),
                sources(job, name, scheme));
    }

    /** What the command line names: {@code trace} as it is by default. */
    static ScrapeJob plain(String name, List<TargetGroup> targets) {
        for (TargetGroup group : targets) {
            for (String address : group.targets()) {
                try {
                    ScrapeTarget.of(name, "http", address, group.labels());
                } catch (IllegalArgumentException e) {
                    throw new CollectorConfigException(address + ": " + e.getMessage());
                }
            }
        }
        return new ScrapeJob(
                name,
                "http",
                Map.of(),
                byDefault(Optional.empty()),
                TIMEOUT,
                JITTER,
                HttpAccess.plain(TIMEOUT),
                List.of(new StaticTargets(targets)));
    }

    private static List<Endpoint> byDefault(Optional<Duration> every) {
        return EndpointKind.ALL.stream()
                .filter(EndpointKind::byDefault)
                .map(kind -> new Endpoint(kind, kind.path(), every.orElse(kind.every()), kind.collecting()))
                .toList();
    }

    private static List<Endpoint> endpoints(Section job) {
        Optional<Duration> every = job.duration("scrape_interval", SECOND, DAY);
        Optional<Section> named = job.section("endpoints");
        List<Endpoint> endpoints = new ArrayList<>();
        if (named.isEmpty()) {
            endpoints.addAll(byDefault(every));
        } else {
            for (String name : named.get().keys()) {
                EndpointKind kind = EndpointKind.ALL.stream()
                        .filter(it -> it.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> named.get().mistake(name, "known are " + kinds()));
                Section endpoint = named.get()
                        .section(name)
                        .orElseThrow(() -> named.get().mistake(name, "{} is expected for the defaults"));
                endpoints.add(endpoint(kind, endpoint, every));
                endpoint.end();
            }
        }
        for (Endpoint endpoint : endpoints) {
            if (endpoint.collecting().compareTo(endpoint.every()) >= 0) {
                throw job.mistake(
                        "endpoint " + endpoint.name()
                                + " would collect longer than its interval; scrape less, or link the agent to trace all the time");
            }
        }
        return endpoints;
    }

    private static String kinds() {
        return String.join(
                ", ", EndpointKind.ALL.stream().map(EndpointKind::name).toList());
    }

    private static Endpoint endpoint(EndpointKind kind, Section endpoint, Optional<Duration> every) {
        String path = endpoint.text("path").orElse(kind.path());
        if (!PATH.matcher(path).matches()) {
            throw endpoint.mistake("path", "a path such as " + kind.path() + " is expected");
        }
        Duration interval =
                endpoint.duration("interval", SECOND, DAY).or(() -> every).orElse(kind.every());
        Duration collecting = kind.collecting();
        if (!collecting.isZero()) {
            collecting = endpoint.number("seconds", 0.1, MAX_TRACE_SECONDS)
                    .map(it -> Duration.ofMillis(Math.round(it * 1000)))
                    .orElse(collecting);
        }
        return new Endpoint(kind, path, interval, collecting);
    }

    private static List<TargetSource> sources(Section job, String name, String scheme) {
        List<TargetSource> sources = new ArrayList<>();
        List<TargetGroup> fixed = job.ofJson(
                "static_configs",
                it -> it.isMissingNode() || it.isNull() ? List.<TargetGroup>of() : TargetGroups.of(it));
        fixed.forEach(group -> check(job, name, scheme, group));
        if (!fixed.isEmpty()) {
            sources.add(new StaticTargets(fixed));
        }
        sources.addAll(job.list(
                "file_sd_configs",
                it -> new FileTargets(
                        it.files("files"),
                        it.duration("refresh_interval", SECOND, DAY).orElse(FILE_REFRESH))));
        sources.addAll(job.list("http_sd_configs", JobReader::http));
        if (sources.isEmpty()) {
            throw job.mistake("has no targets: static_configs, file_sd_configs or http_sd_configs is expected");
        }
        return sources;
    }

    /** What stands in the configuration itself is told at once, not in the status. */
    private static void check(Section job, String name, String scheme, TargetGroup group) {
        for (String address : group.targets()) {
            try {
                ScrapeTarget.of(name, scheme, address, group.labels());
            } catch (IllegalArgumentException e) {
                throw job.mistake("static_configs", address + ": " + e.getMessage());
            }
        }
    }

    private static TargetSource http(Section source) {
        String text = source.required("url");
        try {
            URI uri = new URI(text);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getRawUserInfo() == null) {
                return new HttpTargets(
                        uri,
                        AccessReader.read(source, TIMEOUT),
                        source.duration("refresh_interval", SECOND, DAY).orElse(HTTP_REFRESH));
            }
        } catch (URISyntaxException e) {
            throw source.mistake("url", "is no URL");
        }
        throw source.mistake("url", "an http or https URL without a user is expected");
    }
}
