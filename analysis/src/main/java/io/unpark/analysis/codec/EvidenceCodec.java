package io.unpark.analysis.codec;

import io.unpark.analysis.model.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Facts in bytes: name, a type, the value. */
final class EvidenceCodec {
    private static final int LONG = 0;
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int TEXT = 3;
    private static final int TEXTS = 4;

    private EvidenceCodec() {}

    static void write(BinaryWriter out, Evidence evidence) {
        out.writeUnsigned(evidence.values().size());
        for (Map.Entry<String, Object> fact : evidence.values().entrySet()) {
            out.writeText(fact.getKey());
            writeValue(out, fact.getValue());
        }
    }

    private static void writeValue(BinaryWriter out, Object value) {
        if (value instanceof Long number) {
            out.writeByte(LONG);
            out.writeSigned(number);
        } else if (value instanceof Boolean flag) {
            out.writeByte(flag ? TRUE : FALSE);
        } else if (value instanceof List<?> texts) {
            out.writeByte(TEXTS);
            out.writeUnsigned(texts.size());
            texts.forEach(text -> out.writeText(text.toString()));
        } else {
            out.writeByte(TEXT);
            out.writeText(value.toString());
        }
    }

    static Evidence read(BinaryReader in) {
        SortedMap<String, Object> values = new TreeMap<>();
        for (int left = in.readCount(); left > 0; left--) {
            values.put(in.readText(), readValue(in));
        }
        return new Evidence(values);
    }

    private static Object readValue(BinaryReader in) {
        int type = in.readByte();
        return switch (type) {
            case LONG -> in.readSigned();
            case TRUE -> true;
            case FALSE -> false;
            case TEXT -> in.readText();
            case TEXTS -> readTexts(in);
            default -> throw new CodecException("a fact of the unknown type " + type);
        };
    }

    private static List<String> readTexts(BinaryReader in) {
        List<String> texts = new ArrayList<>();
        for (int left = in.readCount(); left > 0; left--) {
            texts.add(in.readText());
        }
        return texts;
    }
}
