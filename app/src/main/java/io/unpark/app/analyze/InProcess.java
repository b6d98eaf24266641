package io.unpark.app.analyze;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.detect.DetectorSet;
import io.unpark.analysis.fault.DetectorFault;
import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.incident.Incidents;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.RaceReport;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.place.UserCode;
import io.unpark.analysis.profile.InstanceProfiles;
import io.unpark.analysis.profile.ProfileInput;
import io.unpark.analysis.race.RaceDetector;
import io.unpark.analysis.race.RaceJudge;
import io.unpark.analysis.request.RequestRules;
import io.unpark.ingest.Decompression;
import io.unpark.ingest.TraceIntake;
import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.streams.RaceMapper;
import io.unpark.trace.TraceLimits;
import io.unpark.trace.pprof.PprofFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole pipeline without Kafka: files are taken in by the collector's own intake, judged by the same classes at the same
 * generation boundaries, and folded by the same folds, so that the same files give the same anomalies. One thread.
 */
public final class InProcess {
    /** As results are shown: the worst first. */
    private static final Comparator<Anomaly> ORDER = Comparator.comparing(Anomaly::severity)
            .reversed()
            .thenComparing(Anomaly::kind)
            .thenComparing(anomaly -> anomaly.instance().service())
            .thenComparing(Anomaly::id);

    private final AnalysisConfig config;
    private final UserCode userCode;
    private final String configHash;
    private final FileMeter meter;
    private final DetectorSet detectors;
    private final RaceDetector races;
    private final DetectorFaults faults = new DetectorFaults();
    private final Requests requests;
    private final Incidents incidents = new Incidents();
    private RequestShelf shelf;
    private long generations;

    public InProcess(AnalysisConfig config, FileMeter meter) {
        this(config, meter, DetectorSet.STANDARD, RaceJudge::judge);
    }

    /** With the detectors to ask. */
    public InProcess(AnalysisConfig config, FileMeter meter, DetectorSet detectors, RaceDetector races) {
        this.config = config;
        this.meter = meter;
        this.detectors = detectors;
        this.races = races;
        this.userCode = UserCode.of(config.userPackages());
        this.configHash = config.hash();
        this.requests = new Requests(RequestRules.of(config), faults);
    }

    /** Takes all inputs in; what is wrong with one never stops the others. In the order of the inputs' instances. */
    public List<Outcome> take(List<Input> inputs) {
        Map<Instance, List<Input>> byInstance = new LinkedHashMap<>();
        inputs.forEach(input -> byInstance
                .computeIfAbsent(input.instance(), instance -> new ArrayList<>())
                .add(input));
        List<Outcome> outcomes = new ArrayList<>();
        byInstance.forEach((instance, files) -> outcomes.addAll(takeAll(instance, files)));
        return outcomes;
    }

    private List<Outcome> takeAll(Instance instance, List<Input> files) {
        InstanceProfiles profiles = new InstanceProfiles(instance, new MemoryProfiles(), userCode, config);
        InstanceRun run = new InstanceRun(instance, config, detectors, faults, output -> judged(output, profiles));
        List<Outcome> outcomes = new ArrayList<>();
        for (Input file : files) {
            outcomes.add(
                    switch (file.type()) {
                        case TRACE -> takeTrace(file, run);
                        case RACE_LOG -> takeRaceLog(file);
                        case PROFILE -> takeProfile(file, profiles);
                    });
        }
        requests.forget(Ids.subject(instance) + "/");
        return outcomes;
    }

    private Outcome takeTrace(Input input, InstanceRun run) {
        run.begin();
        String problem;
        try (InputStream in = open(input)) {
            new TraceIntake(input.source(), TraceLimits.defaults(), parts -> run.take(parts, input.name()))
                    .run(input.whole(in));
            problem = run.problem();
        } catch (IOException e) {
            problem = run.problem().isEmpty() ? reason(e) : run.problem();
        }
        run.end();
        generations += run.analysed();
        return new Outcome(input, run.analysed(), run.refused(), problem.isEmpty() ? run.problem() : problem);
    }

    private void judged(InstanceOutput output, InstanceProfiles profiles) {
        profiles.ofTrace(output.findings()).forEach(incidents::take);
        for (RequestSegment segment : output.segments()) {
            if (shelf != null) {
                shelf.take(segment);
            }
            for (Finding finding : requests.take(segment)) {
                incidents.take(finding);
            }
        }
    }

    private Outcome takeRaceLog(Input input) {
        int[] reports = new int[1];
        int[] failed = new int[1];
        String problem = "";
        try (InputStream in = open(input)) {
            input.reports(in, report -> {
                RaceReport judged = named(RaceMapper.toDomain(report), input.name());
                Optional<Finding> finding = races.guarded(judged, userCode, configHash, faults);
                finding.ifPresent(incidents::take);
                (finding.isPresent() ? reports : failed)[0]++;
            });
            if (failed[0] > 0) {
                problem =
                        "the detector of races failed on " + failed[0] + " of its reports, which is a fault of Unpark";
            }
        } catch (IOException e) {
            problem = reason(e);
        }
        return new Outcome(input, reports[0], 0, problem);
    }

    private Outcome takeProfile(Input input, InstanceProfiles profiles) {
        try (InputStream in = open(input)) {
            ProfileSnapshot snapshot = input.profile(in);
            ProfileInput profile = new ProfileInput(
                    snapshot.getId(),
                    snapshot.getTakenUnixNs(),
                    snapshot.getBytes().array(),
                    input.name());
            PprofFormatException[] broken = new PprofFormatException[1];
            Optional<List<Finding>> findings = faults.guard(InstanceProfiles.NAME, () -> {
                try {
                    return profiles.profile(profile);
                } catch (PprofFormatException e) {
                    broken[0] = e;
                    return List.of();
                }
            });
            findings.orElse(List.of()).forEach(incidents::take);
            String problem = broken[0] != null
                    ? broken[0].getMessage()
                    : findings.isPresent() ? "" : "the judge of profiles failed, which is a fault of Unpark";
            return new Outcome(input, problem.isEmpty() ? 1 : 0, 0, problem);
        } catch (IOException e) {
            return new Outcome(input, 0, 0, reason(e));
        }
    }

    private static RaceReport named(RaceReport it, String input) {
        return new RaceReport(it.id(), it.instance(), input, it.timeNs(), it.accesses(), it.origins(), it.text());
    }

    private InputStream open(Input input) throws IOException {
        return Decompression.open(meter.open(input), Decompression.Limits.FILES);
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "is gone";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** From here on requests are kept, so that they can be shown. */
    public RequestShelf keepRequests() {
        shelf = new RequestShelf(RequestRules.of(config));
        return shelf;
    }

    /** What stands now, the worst first. */
    public List<Anomaly> anomalies() {
        return incidents.anomalies().sorted(ORDER).toList();
    }

    /** Detectors that threw: what they would have said is missing. */
    public List<DetectorFault> detectorFaults() {
        return faults.list();
    }

    /** What was left out of instances that have more of it than is held, by what it was. */
    public Map<String, Long> limited() {
        return faults.limited();
    }

    /** Whole generations analysed. */
    public long generations() {
        return generations;
    }

    /** Requests that were let go before all files were read, because there were too many; their later parts were judged alone. */
    public long requestsLetGo() {
        return requests.letGo();
    }
}
