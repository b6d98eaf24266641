package io.unpark.analysis.order;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Captures that are over, oldest first: one that is sent again has no effect. Bounded; read when first needed. */
final class PastCaptures {
    private static final int MAX_CAPTURES = 256;

    private final Supplier<byte[]> stored;
    private Map<String, CaptureOrder> captures;
    private boolean changed;

    PastCaptures(Supplier<byte[]> stored) {
        this.stored = stored;
    }

    CaptureOrder get(String capture) {
        return captures().get(capture);
    }

    void add(CaptureOrder over) {
        captures().put(over.capture(), over);
        if (captures.size() > MAX_CAPTURES) {
            Iterator<CaptureOrder> oldest = captures.values().iterator();
            oldest.next();
            oldest.remove();
        }
        changed = true;
    }

    void remove(String capture) {
        changed |= captures().remove(capture) != null;
    }

    Optional<byte[]> toBytes() {
        if (!changed) {
            return Optional.empty();
        }
        changed = false;
        BinaryWriter out = new BinaryWriter();
        out.writeUnsigned(captures.size());
        captures.values().forEach(capture -> capture.write(out));
        return Optional.of(out.toBytes());
    }

    private Map<String, CaptureOrder> captures() {
        if (captures == null) {
            captures = new LinkedHashMap<>();
            byte[] bytes = stored.get();
            if (bytes != null) {
                BinaryReader in = new BinaryReader(bytes);
                for (int left = in.readCount(); left > 0; left--) {
                    CaptureOrder capture = CaptureOrder.read(in);
                    captures.put(capture.capture(), capture);
                }
                in.expectEnd();
            }
        }
        return captures;
    }
}
