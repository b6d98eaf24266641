package io.unpark.sink;

import io.unpark.schemas.record.Frame;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.ProfileEntry;
import io.unpark.schemas.record.StackProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Profiles of a service that waits for a lock and a database on one route, and for its work outside requests. */
public final class ProfileSamples {
    public static final String LOCK = "example.com/shop/orders.(*Cart).Add";
    public static final String ROUTE = "POST /orders";

    private static final long MS = 1_000_000;
    private static final List<String> SERVER = List.of(
            "net/http.(*conn).serve",
            "net/http.serverHandler.ServeHTTP",
            "net/http.(*ServeMux).ServeHTTP",
            "example.com/shop/orders.(*Server).create");

    private ProfileSamples() {}

    /** A second; {@code lockMs} is what the lock takes. */
    public static StackProfile second(String service, String version, long generation, long lockMs) {
        return StackProfile.newBuilder()
                .setInstance(new Instance("shop", service, service + "-1", version))
                .setCapture("capture-" + version)
                .setGeneration(generation)
                .setStartNs(Samples.START_NS + generation * Samples.SECOND_NS)
                .setEndNs(Samples.START_NS + (generation + 1) * Samples.SECOND_NS)
                .setEntries(List.of(
                        entry(
                                ROUTE,
                                "sync mutex lock",
                                lockMs,
                                handled(LOCK, "sync.(*Mutex).Lock", "sync.runtime_SemacquireMutex")),
                        entry(
                                ROUTE,
                                "select",
                                120,
                                handled("database/sql.(*DB).QueryContext", "database/sql.(*DB).conn")),
                        entry(
                                "GET /orders/{id}",
                                "IO wait",
                                45,
                                handled("encoding/json.(*Decoder).Decode", "net.(*conn).Read")),
                        entry(
                                "",
                                "chan receive",
                                800,
                                stack("main.main.func1", "example.com/shop/orders.(*Server).sweep")),
                        new ProfileEntry(ROUTE, "cpu", handled("encoding/json.Marshal"), 12L, 0L),
                        new ProfileEntry("", "cpu", stack("runtime.gcBgMarkWorker", "runtime.gcDrain"), 5L, 0L)))
                .setOtherNs(3 * MS)
                .setOtherSamples(2)
                .build();
    }

    /** One entry, as of a record. */
    public static ProfileEntry entry(String route, String reason, long ms, List<Frame> stack) {
        return new ProfileEntry(route, reason, stack, 4L, ms * MS);
    }

    private static List<Frame> handled(String... more) {
        List<String> outermostFirst = new ArrayList<>(SERVER);
        outermostFirst.addAll(Arrays.asList(more));
        return stack(outermostFirst.toArray(String[]::new));
    }

    /** As in records: innermost first. */
    public static List<Frame> stack(String... outermostFirst) {
        List<Frame> frames = new ArrayList<>();
        for (String function : outermostFirst) {
            frames.add(new Frame(function, "/src/" + function.replaceAll("[^a-z/]+.*", "") + ".go", 41));
        }
        Collections.reverse(frames);
        return frames;
    }
}
