package io.unpark.ingest;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** The compressions that inputs come in. */
enum Compress {
    PLAIN,
    GZIP,
    ZSTD,
    XZ;

    byte[] of(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream encoder = encoder(out)) {
            encoder.write(bytes);
        }
        return out.toByteArray();
    }

    private OutputStream encoder(OutputStream out) throws IOException {
        return switch (this) {
            case PLAIN -> out;
            case GZIP -> new GZIPOutputStream(out);
            case ZSTD -> new ZstdOutputStreamNoFinalizer(out).setChecksum(true);
            case XZ -> new XZOutputStream(out, new LZMA2Options(1));
        };
    }
}
