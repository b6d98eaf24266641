package io.unpark.analysis.profile;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.codec.FindingCodec;
import io.unpark.analysis.model.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** What profiles of one instance say now, and what was told of findings that they have to do with. */
final class JoinState {
    /** Findings told; of more, the oldest that were taken back are forgotten. */
    static final int MAX_TOLD = 500;

    private static final int VERSION = 1;

    /** By profiles alone, under the ids that they would have alone. */
    List<Finding> byProfiles = List.of();

    /** By finding id: the last revision that was told. */
    final TreeMap<String, Finding> told = new TreeMap<>();

    void trim() {
        List<Finding> gone = told.values().stream()
                .filter(Finding::withdrawn)
                .sorted(Comparator.comparingLong(Finding::revision).thenComparing(Finding::findingId))
                .toList();
        for (int i = 0; i < gone.size() && told.size() > MAX_TOLD; i++) {
            told.remove(gone.get(i).findingId());
        }
    }

    byte[] toBytes() {
        BinaryWriter out = new BinaryWriter();
        out.writeByte(VERSION);
        write(out, byProfiles);
        write(out, told.values());
        return out.toBytes();
    }

    private static void write(BinaryWriter out, Collection<Finding> findings) {
        out.writeUnsigned(findings.size());
        findings.forEach(finding -> FindingCodec.write(out, finding));
    }

    /** @throws CodecException when they are damaged, or of another version */
    static JoinState fromBytes(byte[] bytes) {
        BinaryReader in = new BinaryReader(bytes);
        int version = in.readByte();
        if (version != VERSION) {
            throw new CodecException("what profiles told is of version " + version + ", this is " + VERSION);
        }
        JoinState state = new JoinState();
        state.byProfiles = read(in);
        read(in).forEach(finding -> state.told.put(finding.findingId(), finding));
        in.expectEnd();
        return state;
    }

    private static List<Finding> read(BinaryReader in) {
        List<Finding> findings = new ArrayList<>();
        for (int left = in.readCount(); left > 0; left--) {
            findings.add(FindingCodec.read(in));
        }
        return findings;
    }
}
