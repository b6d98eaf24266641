package io.unpark.sink.api;

import com.fasterxml.jackson.databind.JsonNode;

/** Sums over stored documents. */
final class JsonSums {
    private JsonSums() {}

    /** All numbers of an object, at any depth: of a time split all of the time. */
    static long numbers(JsonNode object) {
        long sum = 0;
        for (JsonNode part : object) {
            sum += part.isContainerNode() ? numbers(part) : part.asLong();
        }
        return sum;
    }
}
