package io.unpark.ingest.capture;

import io.unpark.ingest.scrape.ScrapeOutcome;
import io.unpark.ingest.scrape.ScrapeTarget;
import io.unpark.ingest.scrape.Scrapers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The targets of a collector's scrapes, as processes that can be traced and profiled on demand. */
public final class ScrapedProcesses implements CaptureSource {
    private final Scrapers scrapers;

    public ScrapedProcesses(Scrapers scrapers) {
        this.scrapers = scrapers;
    }

    @Override
    public List<AgentKey> instances(String namespace, String service, CaptureKind kind) {
        return scrapers.offering(service, kind.key()).stream()
                .filter(target -> target.namespace().equals(namespace))
                .map(target -> new AgentKey(target.namespace(), target.service(), target.instance()))
                .distinct()
                .toList();
    }

    @Override
    public void begin(AgentKey instance, CaptureKind kind, int seconds, Outcome outcome) {
        Optional<ScrapeTarget> target = scrapers.find(instance.service(), Optional.of(instance.instance())).stream()
                .filter(it -> it.namespace().equals(instance.namespace()))
                .findFirst();
        if (target.isEmpty()) {
            outcome.failed("it is no target any more");
            return;
        }
        Optional<Duration> length = seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
        scrapers.now(target.get(), kind.key(), length).thenAccept(it -> tell(outcome, it));
    }

    private static void tell(Outcome outcome, ScrapeOutcome scraped) {
        if (scraped.trouble().isPresent()) {
            outcome.failed(scraped.trouble().get().what());
        } else {
            outcome.arrived(new Accepted(scraped.items(), scraped.bytes(), ""));
        }
    }
}
