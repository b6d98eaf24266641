package io.unpark.streams;

import io.unpark.analysis.model.Finding;
import io.unpark.schemas.InstanceKey;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.RaceReport;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Race reports to findings. Without state: a report that comes twice gives the same finding, which counts once. */
final class RaceProcessor implements Processor<String, RaceReport, String, byte[]> {
    private final AnalysisSettings analysis;
    private final StreamsCounters counters;
    private final Outbox outbox;
    private ProcessorContext<String, byte[]> context;

    RaceProcessor(Wiring wiring, AnalysisSettings analysis, StreamsCounters counters) {
        this.analysis = analysis;
        this.counters = counters;
        this.outbox = new Outbox(wiring, InstanceTopology.STAGE);
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        this.context = context;
    }

    @Override
    public void process(Record<String, RaceReport> record) {
        outbox.clear();
        judge(record.value());
        counters.raceReports.increment();
        outbox.send(context, record.timestamp());
        counters.newRaces.ask(context);
    }

    private void judge(RaceReport report) {
        if (report == null) {
            throw new RefusedInputException("a race report without a value");
        }
        try {
            InstanceKey.of(report.getInstance());
            Finding finding = analysis.races()
                    .guarded(RaceMapper.toDomain(report), analysis.userCode(), analysis.configHash(), analysis.faults())
                    .orElseThrow(() ->
                            RefusedInputException.ofDetector("the detector of races failed; the status tells how"));
            outbox.add(Topics.FINDINGS, finding.anomalyId(), FindingMapper.toAvro(finding));
            counters.findings.increment();
        } catch (RuntimeException e) {
            throw Failures.refusal("race report " + report.getId() + " is refused", e);
        }
    }
}
