package io.unpark.streams;

import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.instance.GenerationInput;
import io.unpark.analysis.instance.InstanceOutput;
import io.unpark.analysis.instance.StatePage;
import io.unpark.analysis.model.Histogram;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.RouteWindow;
import io.unpark.analysis.model.RuntimeWindow;
import io.unpark.analysis.model.StackProfile;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.analysis.place.UserCode;
import io.unpark.analysis.race.RaceDetector;
import io.unpark.analysis.request.JoinDetector;
import io.unpark.analysis.request.RequestRules;
import io.unpark.trace.TraceFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A correlator whose generations are text: {@code leak N} adds N leaked goroutines to those of the generations before,
 * {@code corrupt} breaks the format after the state was touched, {@code bug} is a defect of ours. The state is a sum and the
 * last generation, on a page each.
 */
final class ScriptedJudge implements GenerationJudge {
    private final Instance instance;
    private long leaked;
    private long lastGeneration;
    private boolean dirty;

    private ScriptedJudge(Instance instance) {
        this.instance = instance;
    }

    /** Settings with this judge and the thresholds' defaults. */
    static AnalysisSettings settings(JoinDetector joiner, RaceDetector races) {
        UserCode userCode = UserCode.standard();
        RequestRules rules = new RequestRules(userCode, "abc", AnalysisConfig.DEFAULTS);
        return new AnalysisSettings(
                ScriptedJudge::restore,
                userCode,
                AnalysisConfig.DEFAULTS,
                "abc",
                rules,
                8,
                joiner,
                races,
                new DetectorFaults());
    }

    static ScriptedJudge restore(Instance instance, Iterable<StatePage> pages) {
        ScriptedJudge judge = new ScriptedJudge(instance);
        for (StatePage page : pages) {
            long value = number(page);
            if (page.kind().equals("leaked")) {
                judge.leaked = value;
            } else {
                judge.lastGeneration = value;
            }
        }
        return judge;
    }

    private static long number(StatePage page) {
        try {
            return Long.parseLong(new String(page.bytes(), StandardCharsets.UTF_8));
        } catch (NumberFormatException e) {
            throw new CodecException("a page of another version");
        }
    }

    @Override
    public Optional<InstanceOutput> process(GenerationInput input) throws TraceFormatException {
        if (input.generation() <= lastGeneration) {
            return Optional.empty();
        }
        dirty = true;
        lastGeneration = input.generation();
        String script = StandardCharsets.UTF_8.decode(input.bytes().duplicate()).toString();
        leaked += 1_000_000;
        if (script.equals("corrupt")) {
            throw new TraceFormatException(
                    TraceFormatException.Reason.CORRUPT, 7, input.generation(), "expected a batch");
        }
        if (script.equals("bug")) {
            throw new IllegalStateException("a defect");
        }
        leaked += Long.parseLong(script.substring("leak ".length()).strip()) - 1_000_000;
        var finding = Records.leak(instance.name(), input.generation(), leaked);
        return Optional.of(new InstanceOutput(
                List.of(finding),
                List.of(Records.callee("trace-" + input.generation())),
                window(input),
                List.of(route(input)),
                new StackProfile(instance, "c1", input.generation(), 0, 1, List.of(), 0, 0)));
    }

    private RuntimeWindow window(GenerationInput in) {
        Histogram none = Histogram.of(new long[Histogram.BUCKETS]);
        return new RuntimeWindow(
                instance,
                in.capture(),
                in.generation(),
                0,
                1,
                leaked,
                new TreeMap<>(),
                new TreeMap<>(),
                none,
                0,
                0,
                0,
                0,
                0,
                -1,
                -1,
                4,
                1);
    }

    private RouteWindow route(GenerationInput in) {
        Histogram none = Histogram.of(new long[Histogram.BUCKETS]);
        return new RouteWindow(
                instance,
                in.capture(),
                in.generation(),
                0,
                1,
                "GET /o",
                1,
                none,
                TimeSplit.ZERO,
                List.of(new RouteWindow.Edge("inventory:80", "GET /i", 2, 1)));
    }

    @Override
    public List<StatePage> dirtyPages() {
        List<StatePage> pages = new ArrayList<>();
        if (dirty) {
            pages.add(page("leaked", leaked));
            pages.add(page("generation", lastGeneration));
        }
        dirty = false;
        return pages;
    }

    private static StatePage page(String kind, long value) {
        return new StatePage(kind, 0, Long.toString(value).getBytes(StandardCharsets.UTF_8));
    }
}
