package io.unpark.app.analyze;

import java.nio.ByteBuffer;
import java.util.List;

/** A generation's bytes from its parts. */
final class JoinedParts {
    private JoinedParts() {}

    /**
     * All bytes, from position 0 to the limit. Parts that lie behind each other in one array, as those of a file do, are not
     * copied: generations can have many megabytes, and what is copied of each fills the heap.
     *
     * @param parts at least one, in order
     */
    static ByteBuffer of(List<ByteBuffer> parts) {
        ByteBuffer first = parts.get(0);
        int length = 0;
        boolean inOneArray = first.hasArray();
        for (ByteBuffer part : parts) {
            inOneArray = inOneArray
                    && part.hasArray()
                    && part.array() == first.array()
                    && begin(part) == begin(first) + length;
            length += part.remaining();
        }
        if (inOneArray) {
            return ByteBuffer.wrap(first.array(), begin(first), length).slice();
        }
        ByteBuffer whole = ByteBuffer.allocate(length);
        parts.forEach(part -> whole.put(part.duplicate()));
        return whole.flip();
    }

    private static int begin(ByteBuffer bytes) {
        return bytes.arrayOffset() + bytes.position();
    }
}
