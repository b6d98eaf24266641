package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** The pages of a state: filled afresh each time, and compared with what was written last. */
final class PageBook {
    private static final Comparator<Page> ORDER =
            Comparator.comparing(Page::kind).thenComparingLong(Page::number);

    private record Page(String kind, long number) {}

    private final TreeMap<Page, BinaryWriter> open = new TreeMap<>(ORDER);

    private Page last;
    private BinaryWriter lastWriter;

    /** Pages that are as they were, and not open. */
    private final Set<Page> kept = new HashSet<>();

    /** What was written last, by page: a digest of the bytes. */
    private final Map<Page, Long> written = new HashMap<>();

    /** The page to append to; mostly the one that was asked for last. */
    BinaryWriter page(String kind, long number) {
        if (last == null || last.number() != number || !last.kind().equals(kind)) {
            last = new Page(kind, number);
            lastWriter = open.computeIfAbsent(last, page -> new BinaryWriter());
        }
        return lastWriter;
    }

    /** The page says what it said before; false when it was never written. */
    boolean keep(String kind, long number) {
        Page page = new Page(kind, number);
        return written.containsKey(page) && kept.add(page);
    }

    /** A page that is stored already. */
    void stored(StatePage page) {
        written.put(new Page(page.kind(), page.number()), digest(page.bytes()));
    }

    /** Closes all pages, and gives those that say something else than before; one that is gone has no bytes. */
    List<StatePage> close() {
        List<StatePage> dirty = new ArrayList<>();
        open.forEach((page, out) -> {
            byte[] bytes = out.toBytes();
            Long digest = digest(bytes);
            if (!digest.equals(written.put(page, digest))) {
                dirty.add(new StatePage(page.kind(), page.number(), bytes));
            }
        });
        List<Page> gone = written.keySet().stream()
                .filter(page -> !open.containsKey(page) && !kept.contains(page))
                .sorted(ORDER)
                .toList();
        for (Page page : gone) {
            written.remove(page);
            dirty.add(new StatePage(page.kind(), page.number(), new byte[0]));
        }
        open.clear();
        kept.clear();
        last = null;
        return dirty;
    }

    private static long digest(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue() << 32 ^ Arrays.hashCode(bytes);
    }
}
