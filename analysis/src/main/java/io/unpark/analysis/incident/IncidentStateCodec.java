package io.unpark.analysis.incident;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.codec.FindingCodec;
import io.unpark.analysis.model.Finding;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A state in bytes. Instance names are sorted and of one family mostly, so each is written as what differs from the one before. */
final class IncidentStateCodec {
    private static final int VERSION = 2;

    private IncidentStateCodec() {}

    static byte[] toBytes(IncidentState state) {
        BinaryWriter out = new BinaryWriter();
        out.writeByte(VERSION);
        out.writeText(state.anomalyId());
        out.writeSigned(state.count());
        out.writeSigned(state.firstSeenNs());
        out.writeSigned(state.lastSeenNs());
        writeStanding(out, state.standing());
        out.writeBoolean(state.worst() != null);
        if (state.worst() != null) {
            FindingCodec.write(out, state.worst());
        }
        out.writeUnsigned(state.held().findings());
        out.writeText(state.held().upTo());
        return out.toBytes();
    }

    static IncidentState fromBytes(byte[] bytes) {
        BinaryReader in = new BinaryReader(bytes);
        int version = in.readByte();
        if (version != VERSION) {
            throw new CodecException("an incident of version " + version + ", known is " + VERSION);
        }
        String anomalyId = in.readText();
        long count = in.readSigned();
        long firstSeenNs = in.readSigned();
        long lastSeenNs = in.readSigned();
        Standing standing = readStanding(in);
        Finding worst = in.readBoolean() ? FindingCodec.read(in) : null;
        IncidentState.Held held = new IncidentState.Held((int) in.readUnsigned(), in.readText());
        in.expectEnd();
        return new IncidentState(anomalyId, count, firstSeenNs, lastSeenNs, worst, standing, held);
    }

    private static void writeStanding(BinaryWriter out, Standing standing) {
        out.writeUnsigned(standing.total());
        out.writeUnsigned(standing.byInstance().size());
        String before = "";
        for (Map.Entry<String, Long> entry : standing.byInstance().entrySet()) {
            int shared = shared(before, entry.getKey());
            out.writeUnsigned(shared);
            out.writeText(entry.getKey().substring(shared));
            out.writeUnsigned(entry.getValue());
            before = entry.getKey();
        }
    }

    private static Standing readStanding(BinaryReader in) {
        long total = in.readUnsigned();
        NavigableMap<String, Long> byInstance = new TreeMap<>();
        String before = "";
        for (int left = in.readCount(); left > 0; left--) {
            long shared = in.readUnsigned();
            if (shared < 0 || shared > before.length()) {
                throw new CodecException("an instance name shares " + shared + " characters with '" + before + "'");
            }
            before = before.substring(0, (int) shared) + in.readText();
            byInstance.put(before, in.readUnsigned());
        }
        return new Standing(total, byInstance);
    }

    private static int shared(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return i;
    }
}
