package io.unpark.schemas.registry;

import io.unpark.schemas.RecordModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.FastReaderBuilder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Avro binary of one generated class, behind a header of some bytes. Safe for use by several threads.
 *
 * @param <T> the generated class
 */
final class AvroCodec<T extends SpecificRecord> {
    /** Longest record taken or given, header included: above every topic's maximum, after decompression. */
    static final int MAX_RECORD_BYTES = 16 * 1024 * 1024;

    /** A topic sees one writer schema per release, so this many mean that somebody invents them. */
    private static final int MAX_WRITER_SCHEMAS = 1000;

    /** What a codec keeps between two records; larger ones are rare. */
    private static final int MAX_SPARE_BYTES = 1 << 20;

    /**
     * The generated classes write themselves, which is several times as fast as by their schema. They do not read themselves: they
     * would make arrays as long as the bytes say.
     */
    private static final SpecificData SELF_WRITING = new SpecificData(AvroCodec.class.getClassLoader());

    static {
        SELF_WRITING.setCustomCoders(true);
    }

    private final Schema schema;
    private final String layout;
    private final SpecificDatumWriter<T> writer;
    private final AtomicReference<RecordBuffer> spare = new AtomicReference<>();
    /** By identity first: clients give the same object for the same id. */
    private volatile Own lastAsked = new Own(null, false);

    private record Own(Schema written, boolean sameLayout) {}

    private final Map<Schema, DatumReader<T>> readers = new ConcurrentHashMap<>();

    AvroCodec(Class<T> recordClass) {
        this.schema = RecordModel.INSTANCE.getSchema(recordClass);
        this.layout = SchemaNormalization.toParsingForm(schema);
        this.writer = new SpecificDatumWriter<>(schema, SELF_WRITING);
    }

    Schema schema() {
        return schema;
    }

    /** The header, then the record. @throws SerializationException when the record breaks its schema or the limit */
    byte[] encode(byte[] header, T record) {
        RecordBuffer spared = spare.getAndSet(null);
        RecordBuffer out = spared == null ? new RecordBuffer() : spared;
        out.begin(header);
        try {
            writer.write(record, out);
        } catch (IOException | RuntimeException e) {
            throw new SerializationException(
                    "cannot write a " + schema.getName() + " as Avro: " + e.getMessage(), unwrapped(e));
        }
        if (out.size() > MAX_RECORD_BYTES) {
            throw tooLong(out.size());
        }
        byte[] bytes = out.toBytes();
        if (out.capacity() <= MAX_SPARE_BYTES) {
            spare.set(out);
        }
        return bytes;
    }

    /**
     * Reads what a writer schema wrote into the generated class. Avro's decoder over an array checks lengths of strings,
     * bytes and collections against the bytes that are left before it allocates; the tests hold it to that.
     *
     * @param offset bytes of header in front
     * @throws SerializationException when the bytes are not exactly one such record
     */
    T decode(Schema written, byte[] data, int offset) {
        if (data.length > MAX_RECORD_BYTES) {
            throw tooLong(data.length);
        }
        try {
            BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(data, offset, data.length - offset, null);
            T record = reader(written).read(null, decoder);
            if (!decoder.isEnd()) {
                throw new SerializationException(
                        "bytes are left over after a " + schema.getName() + " of " + (data.length - offset) + " bytes");
            }
            return record;
        } catch (SerializationException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new SerializationException(
                    "not a " + schema.getName() + " as written by " + written.getFullName() + ": " + e, unwrapped(e));
        }
    }

    /**
     * Whether what this schema writes has the same bytes as what our own writes. A registry's text is never equal to ours: it lacks what
     * Avro's generator adds for Java.
     */
    boolean hasOwnLayout(Schema written) {
        Own last = lastAsked;
        if (last.written() != written) {
            last = new Own(written, SchemaNormalization.toParsingForm(written).equals(layout));
            lastAsked = last;
        }
        return last.sameLayout();
    }

    private DatumReader<T> reader(Schema written) {
        DatumReader<T> known = readers.get(written);
        if (known != null) {
            return known;
        }
        if (readers.size() >= MAX_WRITER_SCHEMAS) {
            readers.clear();
        }
        WriterLimits.check(written);
        DatumReader<T> fresh = newReader(written);
        readers.put(written, fresh);
        return fresh;
    }

    /**
     * Avro's fast reader is put together once, where the usual one asks the schema again at every field; it is not chosen by itself for
     * a model of ours. Only for what has the layout of our own schema: it skips the fields of others in depth without a bound.
     */
    private DatumReader<T> newReader(Schema written) {
        if (!hasOwnLayout(written)) {
            return new SpecificDatumReader<>(written, schema, RecordModel.INSTANCE);
        }
        try {
            return new FastReaderBuilder(RecordModel.INSTANCE).createDatumReader(schema, schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SerializationException tooLong(int bytes) {
        return new SerializationException(
                "a " + schema.getName() + " of " + bytes + " bytes, at most " + MAX_RECORD_BYTES + " are allowed");
    }

    private static Throwable unwrapped(Throwable e) {
        return e instanceof UncheckedIOException ? e.getCause() : e;
    }
}
