package io.unpark.analysis.profile;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.codec.CodecException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The newest profiles of one kind and one instance. What it holds is a function of the set of profiles that came, whatever their order and
 * however often each came, as long as none comes after {@link #MAX_SNAPSHOTS} newer ones.
 */
final class Series {
    /** Profiles held; with {@link Snapshot#MAX_ROWS} this bounds the state to some 3 MB, and to a few KB as a rule. */
    static final int MAX_SNAPSHOTS = 12;

    private static final int VERSION = 1;

    private final List<Entry> entries = new ArrayList<>();
    private final TreeMap<String, Known> sites = new TreeMap<>();

    /** A profile without its sites: values by key. */
    record Entry(long takenNs, String id, String input, long cutoff, Map<String, Long> values) {
        /** At most so much was there, also where the site was left out as one of the small ones. */
        long atMost(String key) {
            return values.getOrDefault(key, cutoff);
        }

        private boolean isBefore(Entry other) {
            return takenNs != other.takenNs ? takenNs < other.takenNs : id.compareTo(other.id) < 0;
        }
    }

    /**
     * A site as the newest profile with it shows it.
     *
     * @param firstNs when the oldest profile was taken that had it, of those since it is known without a gap of a whole window
     */
    private record Known(Site site, long firstNs, long newestNs, String newestId) {}

    /** Takes a profile in. @return whether that changes anything: not for one that is held already, and not for one too old */
    boolean add(Snapshot snapshot) {
        Map<String, Long> values = new HashMap<>();
        snapshot.rows().forEach(row -> values.put(row.site().key(), row.value()));
        Entry entry = new Entry(snapshot.takenNs(), snapshot.id(), snapshot.input(), snapshot.cutoff(), values);
        if (entries.stream().anyMatch(held -> held.id().equals(entry.id()))) {
            return false;
        }
        int at = 0;
        while (at < entries.size() && entries.get(at).isBefore(entry)) {
            at++;
        }
        if (at == 0 && entries.size() == MAX_SNAPSHOTS) {
            return false;
        }
        entries.add(at, entry);
        snapshot.rows().forEach(row -> know(row.site(), entry));
        if (entries.size() > MAX_SNAPSHOTS) {
            entries.remove(0);
            TreeSet<String> held = new TreeSet<>();
            entries.forEach(it -> held.addAll(it.values().keySet()));
            sites.keySet().retainAll(held);
        }
        return true;
    }

    private void know(Site site, Entry entry) {
        Known now = new Known(site, entry.takenNs(), entry.takenNs(), entry.id());
        sites.merge(site.key(), now, (before, it) -> {
            boolean newer = it.newestNs() != before.newestNs()
                    ? it.newestNs() > before.newestNs()
                    : it.newestId().compareTo(before.newestId()) > 0;
            Known newest = newer ? it : before;
            long firstNs = Math.min(before.firstNs(), it.firstNs());
            return new Known(newest.site(), firstNs, newest.newestNs(), newest.newestId());
        });
    }

    /** Oldest first. */
    List<Entry> entries() {
        return entries;
    }

    Site site(String key) {
        return sites.get(key).site();
    }

    /** When the site was first seen. */
    long firstNs(String key) {
        return sites.get(key).firstNs();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    Entry newest() {
        return entries.get(entries.size() - 1);
    }

    byte[] toBytes() {
        BinaryWriter out = new BinaryWriter();
        out.writeByte(VERSION);
        List<String> keys = List.copyOf(sites.keySet());
        Map<String, Integer> numbers = new HashMap<>();
        out.writeUnsigned(keys.size());
        for (String key : keys) {
            numbers.put(key, numbers.size());
            write(out, sites.get(key));
        }
        out.writeUnsigned(entries.size());
        for (Entry entry : entries) {
            out.writeSigned(entry.takenNs());
            out.writeText(entry.id());
            out.writeText(entry.input());
            out.writeSigned(entry.cutoff());
            out.writeUnsigned(entry.values().size());
            new TreeMap<>(entry.values()).forEach((key, value) -> {
                out.writeUnsigned(numbers.get(key));
                out.writeSigned(value);
            });
        }
        return out.toBytes();
    }

    private static void write(BinaryWriter out, Known known) {
        Site site = known.site();
        out.writeText(site.function());
        out.writeText(site.file());
        out.writeSigned(site.line());
        out.writeText(site.creation());
        out.writeText(site.start());
        out.writeText(site.waitsFor());
        out.writeUnsigned(site.stack().size());
        site.stack().forEach(out::writeText);
        out.writeSigned(known.firstNs());
        out.writeSigned(known.newestNs());
        out.writeText(known.newestId());
    }

    /**
     * @param bytes null for a series that never had a profile
     * @throws CodecException when they are damaged, or of another version
     */
    static Series fromBytes(byte[] bytes) {
        Series series = new Series();
        if (bytes == null) {
            return series;
        }
        BinaryReader in = new BinaryReader(bytes);
        int version = in.readByte();
        if (version != VERSION) {
            throw new CodecException("profiles of version " + version + ", this is " + VERSION);
        }
        List<String> keys = new ArrayList<>();
        for (int left = in.readCount(); left > 0; left--) {
            Known known = readKnown(in);
            keys.add(known.site().key());
            series.sites.put(known.site().key(), known);
        }
        for (int left = in.readCount(); left > 0; left--) {
            series.entries.add(readEntry(in, keys));
        }
        in.expectEnd();
        return series;
    }

    private static Known readKnown(BinaryReader in) {
        String function = in.readText();
        String file = in.readText();
        int line = in.readInt();
        String creation = in.readText();
        String start = in.readText();
        String wait = in.readText();
        List<String> stack = new ArrayList<>();
        for (int left = in.readCount(); left > 0; left--) {
            stack.add(in.readText());
        }
        Site site = new Site(function, file, line, creation, start, wait, stack);
        return new Known(site, in.readSigned(), in.readSigned(), in.readText());
    }

    private static Entry readEntry(BinaryReader in, List<String> keys) {
        long takenNs = in.readSigned();
        String id = in.readText();
        String input = in.readText();
        long cutoff = in.readSigned();
        Map<String, Long> values = new HashMap<>();
        for (int left = in.readCount(); left > 0; left--) {
            long number = in.readUnsigned();
            if (number < 0 || number >= keys.size()) {
                throw new CodecException("site " + number + " of " + keys.size());
            }
            values.put(keys.get((int) number), in.readSigned());
        }
        return new Entry(takenNs, id, input, cutoff, values);
    }
}
