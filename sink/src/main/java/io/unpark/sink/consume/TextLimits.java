package io.unpark.sink.consume;

import java.nio.charset.StandardCharsets;

/** What the columns and their indexes can hold: a longer text costs its record, not the partition. */
final class TextLimits {
    static final int NAME_CHARS_MAX = 512;
    /** PostgreSQL refuses index entries over 2,704 bytes; the longest of ours holds two names. */
    static final int NAME_BYTES_MAX = 1_200;

    static final int ID_CHARS_MAX = 128;
    static final int KIND_CHARS_MAX = 64;
    /** H2's longest VARCHAR. Records are under 512 KiB by construction, so only a hostile one comes here. */
    static final int DOCUMENT_CHARS_MAX = 1_048_576;

    private TextLimits() {}

    static String name(String what, String value) throws BadRecordException {
        within(what, value, NAME_CHARS_MAX);
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > NAME_BYTES_MAX) {
            throw new BadRecordException(what + " has " + bytes + " bytes, at most " + NAME_BYTES_MAX + " are kept");
        }
        return value;
    }

    static String id(String what, String value) throws BadRecordException {
        if (value.isEmpty()) {
            throw new BadRecordException(what + " is empty");
        }
        return within(what, value, ID_CHARS_MAX);
    }

    static String kind(String value) throws BadRecordException {
        return within("kind", value, KIND_CHARS_MAX);
    }

    static String document(String value) throws BadRecordException {
        return within("the record as JSON", value, DOCUMENT_CHARS_MAX);
    }

    private static String within(String what, String value, int charsMax) throws BadRecordException {
        if (value.length() > charsMax) {
            throw new BadRecordException(
                    what + " has " + value.length() + " characters, at most " + charsMax + " are kept");
        }
        if (value.indexOf('\0') >= 0) {
            throw new BadRecordException(what + " has a zero character, which PostgreSQL cannot hold");
        }
        return value;
    }
}
