package io.unpark.analysis.json;

import java.io.IOException;
import java.util.Map;

/**
 * Chrome's trace event format ("JSON Object Format"), one event a line. Times are nanoseconds; they are written as microseconds
 * since {@link #begin}'s, because readers take them for doubles, which are too coarse for nanoseconds since 1970.
 */
public final class JsonEvents {
    private final Appendable out;
    private boolean first = true;
    private long startNs;

    public JsonEvents(Appendable out) {
        this.out = out;
    }

    /**
     * All methods throw {@link IOException} from the destination.
     *
     * @param firstNs no event is before it; nanoseconds since 1970 UTC
     */
    public void begin(long firstNs) throws IOException {
        startNs = firstNs;
        out.append("{\"displayTimeUnit\": \"ns\", \"otherData\": ");
        new JsonWriter(out).object(Map.of("start", UtcTime.text(firstNs)));
        out.append(", \"traceEvents\": [");
    }

    public void end() throws IOException {
        out.append("\n]}\n");
    }

    /** The name of a process or a thread: {@code process_name}, {@code thread_name}. */
    public void name(String what, long process, long thread, String name) throws IOException {
        JsonWriter json = event("M", what, process, thread);
        json.name("args");
        json.object(Map.of("name", name));
        json.endObject();
    }

    /** @param args longs, booleans, texts and lists of texts */
    public void slice(String name, long process, long thread, long atNs, long lengthNs, Map<String, Object> args)
            throws IOException {
        JsonWriter json = event("X", name, process, thread, atNs);
        json.name("dur");
        micros(Math.max(0, lengthNs));
        json.name("args");
        json.object(args);
        json.endObject();
    }

    /** What several quantities of a process are from here on. */
    public void counter(String name, long process, long atNs, Map<String, Object> values) throws IOException {
        JsonWriter json = event("C", name, process, 0, atNs);
        json.name("args");
        json.object(values);
        json.endObject();
    }

    /** Something that may overlap with others of its process. */
    public void span(String name, long process, String id, long fromNs, long toNs) throws IOException {
        for (String phase : new String[] {"b", "e"}) {
            JsonWriter json = event(phase, name, process, 0, phase.equals("b") ? fromNs : toNs);
            json.field("cat", "call");
            json.field("id", id);
            json.endObject();
        }
    }

    public void flowStart(String name, long id, long process, long thread, long atNs) throws IOException {
        flow("s", name, id, process, thread, atNs).endObject();
    }

    public void flowEnd(String name, long id, long process, long thread, long atNs) throws IOException {
        JsonWriter json = flow("f", name, id, process, thread, atNs);
        json.field("bp", "e");
        json.endObject();
    }

    private JsonWriter flow(String phase, String name, long id, long process, long thread, long atNs)
            throws IOException {
        JsonWriter json = event(phase, name, process, thread, atNs);
        json.field("cat", name);
        json.field("id", id);
        return json;
    }

    private JsonWriter event(String phase, String name, long process, long thread, long atNs) throws IOException {
        JsonWriter json = event(phase, name, process, thread);
        json.name("ts");
        micros(Math.max(0, atNs - startNs));
        return json;
    }

    private JsonWriter event(String phase, String name, long process, long thread) throws IOException {
        out.append(first ? "\n" : ",\n");
        first = false;
        JsonWriter json = new JsonWriter(out);
        json.beginObject();
        json.field("ph", phase);
        json.field("name", name);
        json.field("pid", process);
        json.field("tid", thread);
        return json;
    }

    private void micros(long ns) throws IOException {
        long whole = ns / 1_000;
        long rest = Math.floorMod(ns, 1_000L);
        out.append(Long.toString(whole)).append('.');
        out.append((char) ('0' + rest / 100))
                .append((char) ('0' + rest / 10 % 10))
                .append((char) ('0' + rest % 10));
    }
}
