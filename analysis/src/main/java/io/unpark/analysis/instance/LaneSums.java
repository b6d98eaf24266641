package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.codec.FindingCodec;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Ids;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Findings that are counted in generations, over all correlators of an instance. A correlator adds up what it judged itself; where
 * captures were open beside each other there are several, and the instance has one finding with the sum. All other findings
 * pass unchanged. What comes out does not depend on the order in which the correlators spoke, save the revision.
 */
public final class LaneSums {
    private static final int VERSION = 1;

    /** Of correlators that are gone. */
    private static final int CLOSED = -1;

    /** The worse first; a tie goes to the earlier generation of the smaller capture, so that it falls the same way each time. */
    static final Comparator<Finding> WORST = Comparator.comparing(Finding::severity)
            .thenComparingLong(Finding::durationNs)
            .reversed()
            .thenComparing(LaneSums::whenSeen)
            .thenComparing(Finding::findingId)
            .thenComparing(Finding::summary);

    private final Store store;
    private long unreadable;

    /** Where the sums are kept: small values by group. */
    public interface Store {
        /** What was put last under this name, or null. */
        byte[] get(String group);

        void put(String group, byte[] bytes);

        /** All names under which something was put. */
        List<String> groups();
    }

    public LaneSums(Store store) {
        this.store = store;
    }

    private static String whenSeen(Finding it) {
        if (it.chunks().isEmpty()) {
            return "";
        }
        ChunkRef last = it.chunks().get(it.chunks().size() - 1);
        return last.capture() + "/" + String.format("%016x", last.generation());
    }

    /** What one correlator found in a generation, with the sums of all in the place of its own. */
    public List<Finding> sum(int lane, List<Finding> findings) {
        List<Finding> out = new ArrayList<>();
        for (Finding finding : findings) {
            if (!isCounted(finding)) {
                out.add(finding);
            } else if (!finding.withdrawn()) { // it gave way to another one, which is in the list too
                out.addAll(add(lane, finding));
            }
        }
        return out;
    }

    private static boolean isCounted(Finding finding) {
        return Kinds.manner(finding.kind()) == Kinds.Manner.ADDED
                && finding.subject().equals(Ids.subject(finding.instance()));
    }

    private List<Finding> add(int lane, Finding finding) {
        String group = Kinds.onePerInstance(finding.kind()) ? finding.kind().id() : finding.findingId();
        Group before = read(group);
        TreeMap<Integer, Finding> byLane = new TreeMap<>(before.byLane);
        byLane.put(lane, finding);
        Finding told = before.told;
        Finding total = byLane.values().stream().reduce(LaneSums::sum).orElseThrow();
        if (told != null && total.revision() <= told.revision()) {
            // A capture that is older than the one before it: what is said last must be what stands.
            total = at(total, told.revision() + 1);
        }
        store.put(group, new Group(total, byLane).toBytes());
        return told == null || told.findingId().equals(total.findingId())
                ? List.of(total)
                : List.of(told.withdrawnAt(total.revision()), total);
    }

    /** A correlator is gone: what it counted stays, and another one may have its number. */
    public void close(int lane) {
        for (String name : store.groups()) {
            Group group = read(name);
            Finding gone = group.byLane.remove(lane);
            if (gone != null) {
                group.byLane.merge(CLOSED, gone, LaneSums::sum);
                store.put(name, group.toBytes());
            }
        }
    }

    /** Sums of another version begin anew, as a correlator's state does. */
    private Group read(String group) {
        try {
            return Group.fromBytes(store.get(group));
        } catch (CodecException e) {
            unreadable++;
            return Group.fromBytes(null);
        }
    }

    /** Sums that could not be read and begin anew, since this object was made. */
    public long unreadable() {
        return unreadable;
    }

    /** The worse example of the two, with both counts. */
    private static Finding sum(Finding a, Finding b) {
        Finding worst = WORST.compare(a, b) <= 0 ? a : b;
        return worst.spanning(a, b, Math.max(a.revision(), b.revision()), a.count() + b.count());
    }

    private static Finding at(Finding it, long revision) {
        return it.spanning(it, it, revision, it.count());
    }

    /**
     * @param told what was said last, null before the first time
     * @param byLane what each correlator counted
     */
    private record Group(Finding told, TreeMap<Integer, Finding> byLane) {
        byte[] toBytes() {
            BinaryWriter out = new BinaryWriter();
            out.writeByte(VERSION);
            FindingCodec.write(out, told);
            out.writeUnsigned(byLane.size());
            for (Map.Entry<Integer, Finding> entry : byLane.entrySet()) {
                out.writeSigned(entry.getKey());
                FindingCodec.write(out, entry.getValue());
            }
            return out.toBytes();
        }

        static Group fromBytes(byte[] bytes) {
            if (bytes == null) {
                return new Group(null, new TreeMap<>());
            }
            BinaryReader in = new BinaryReader(bytes);
            int version = in.readByte();
            if (version != VERSION) {
                throw new CodecException("sums of version " + version + ", this is " + VERSION);
            }
            Finding told = FindingCodec.read(in);
            TreeMap<Integer, Finding> byLane = new TreeMap<>();
            for (int left = in.readCount(); left > 0; left--) {
                byLane.put(in.readInt(), FindingCodec.read(in));
            }
            in.expectEnd();
            return new Group(told, byLane);
        }
    }
}
