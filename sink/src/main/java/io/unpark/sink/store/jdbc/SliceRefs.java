package io.unpark.sink.store.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.sink.store.StoreException;
import java.util.List;

/** The chunks of a slice as text. */
final class SliceRefs {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<ChunkRef>> REFS = new TypeReference<>() {};

    private SliceRefs() {}

    static String toJson(List<ChunkRef> refs) {
        try {
            return JSON.writeValueAsString(refs);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of strings and numbers are always writable", e);
        }
    }

    static List<ChunkRef> fromJson(String text) {
        try {
            return JSON.readValue(text, REFS);
        } catch (JsonProcessingException e) {
            throw new StoreException("reading the chunks of a slice", e);
        }
    }
}
