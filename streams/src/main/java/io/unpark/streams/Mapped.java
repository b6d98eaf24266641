package io.unpark.streams;

import java.util.List;
import java.util.function.Function;

/** Lists of one form as lists of another. Most of those in a record are empty or short, where a stream costs more than its work. */
final class Mapped {
    private Mapped() {}

    @SuppressWarnings("unchecked") // an array of objects in which only what the function gave lies
    static <A, B> List<B> list(List<A> from, Function<A, B> function) {
        int size = from.size();
        if (size == 0) {
            return List.of();
        }
        Object[] to = new Object[size];
        for (int i = 0; i < size; i++) {
            to[i] = function.apply(from.get(i));
        }
        return (List<B>) List.of(to);
    }
}
