package io.unpark.trace.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A trace as its batches, and bytes at the end that are none. */
final class Layout {
    static final int HEADER_BYTES = 16;

    byte[] header;
    List<Batch> batches = new ArrayList<>();
    byte[] rest = new byte[0];

    static Layout of(byte[] trace) {
        Layout layout = new Layout();
        layout.header = Arrays.copyOf(trace, HEADER_BYTES);
        Wire in = new Wire(Arrays.copyOfRange(trace, Math.min(HEADER_BYTES, trace.length), trace.length));
        while (in.remaining() > 0) {
            int start = in.pos();
            Batch batch = Batch.read(in);
            if (batch == null) {
                in.skip(in.remaining());
                layout.rest = in.since(start);
                break;
            }
            layout.batches.add(batch);
        }
        return layout;
    }

    /** Says another version of the format, such as 23. */
    void version(int goMinor) {
        header = Arrays.copyOf(("go 1." + goMinor + " trace").getBytes(StandardCharsets.US_ASCII), HEADER_BYTES);
    }

    byte[] toBytes() {
        return toBytes(Integer.MAX_VALUE);
    }

    /** At most {@code limit} bytes or so: batches beyond it are left out. */
    byte[] toBytes(int limit) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header);
        for (Batch batch : batches) {
            if (out.size() < limit) {
                batch.write(out);
            }
        }
        out.writeBytes(rest);
        return out.size() <= limit ? out.toByteArray() : Arrays.copyOf(out.toByteArray(), limit);
    }
}
