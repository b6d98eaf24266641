package io.unpark.schemas.registry;

import io.unpark.schemas.RecordModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
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

    private static final int INITIAL_BYTES = 512;

    /**
     * The generated classes write themselves, which is several times as fast as by their schema. They do not read themselves: they
     * would make arrays as long as the bytes say.
     */
    private static final SpecificData SELF_WRITING = new SpecificData(AvroCodec.class.getClassLoader());

    static {
        SELF_WRITING.setCustomCoders(true);
    }

    private final Schema schema;
    private final SpecificDatumWriter<T> writer;
    private final Map<Schema, DatumReader<T>> readers = new ConcurrentHashMap<>();

    AvroCodec(Class<T> recordClass) {
        this.schema = RecordModel.INSTANCE.getSchema(recordClass);
        this.writer = new SpecificDatumWriter<>(schema, SELF_WRITING);
    }

    Schema schema() {
        return schema;
    }

    /** The header, then the record. @throws SerializationException when the record breaks its schema or the limit */
    byte[] encode(byte[] header, T record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(INITIAL_BYTES);
        out.writeBytes(header);
        try {
            // Direct: a buffering encoder would copy a chunk's megabytes once more.
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            writer.write(record, encoder);
            encoder.flush();
        } catch (IOException | RuntimeException e) {
            throw new SerializationException(
                    "cannot write a " + schema.getName() + " as Avro: " + e.getMessage(), unwrapped(e));
        }
        if (out.size() > MAX_RECORD_BYTES) {
            throw tooLong(out.size());
        }
        return out.toByteArray();
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
     * a model of ours. Only for what was written by our own schema: it skips the fields of others in depth without a bound.
     */
    private DatumReader<T> newReader(Schema written) {
        if (!written.equals(schema)) {
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
