package io.unpark.ingest.scrape;

import io.unpark.ingest.Intake;
import io.unpark.schemas.record.Instance;
import io.unpark.trace.pprof.GoProfile;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;

/** Takes scraped profiles in. */
public final class ProfileTaker implements BodyTaker {
    private final Intake intake;
    private final GoProfile kind;

    public ProfileTaker(Intake intake, GoProfile kind) {
        this.intake = intake;
        this.kind = kind;
    }

    /** One for each kind of profile, by the endpoint's name. */
    public static Map<String, BodyTaker> all(Intake intake) {
        Map<String, BodyTaker> takers = new TreeMap<>();
        for (GoProfile kind : GoProfile.values()) {
            takers.put(kind.id(), new ProfileTaker(intake, kind));
        }
        return takers;
    }

    @Override
    public Taken take(ScrapeTarget target, long beganUnixNs, InputStream body) throws IOException {
        Instance instance = new Instance(target.namespace(), target.service(), target.instance(), target.version());
        intake.profile(instance, kind, body);
        return new Taken(1);
    }
}
