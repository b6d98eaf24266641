package io.unpark.ingest;

import java.util.ArrayList;
import java.util.List;

/** A report being put together. */
final class RaceDraft {
    /** The detector knows two sides of a race, never more. */
    static final int MAX_ACCESSES = 2;

    private static final int MAX_OTHER_SECTIONS = 4;

    /** A frame as printed; {@code offset} is "+0x…", or "" when its line is missing. */
    record FrameDraft(String function, String file, int line, String offset) {}

    /** One section: a title line and the stack under it. */
    static final class Section {
        final String title;
        final List<FrameDraft> frames = new ArrayList<>();
        boolean restoreFailed;

        Section(String title) {
            this.title = title;
        }

        boolean hasStack() {
            return restoreFailed || !frames.isEmpty();
        }
    }

    /** An access. {@code goroutine} is 0 for the main goroutine, as the detector numbers it. */
    record AccessDraft(Section section, boolean write, boolean atomic, String address, long goroutine, boolean main) {}

    /** A goroutine's creation. */
    record OriginDraft(Section section, long goroutine, boolean finished) {}

    private final boolean headerSeen;
    private final List<AccessDraft> accesses = new ArrayList<>(MAX_ACCESSES);
    private final List<OriginDraft> origins = new ArrayList<>(2);
    private final List<Section> others = new ArrayList<>(0);
    private Section current;
    private long unixNs;

    /** @param headerSeen false when the log began in the middle of the report */
    RaceDraft(boolean headerSeen, long unixNs) {
        this.headerSeen = headerSeen;
        this.unixNs = unixNs;
    }

    List<AccessDraft> accesses() {
        return accesses;
    }

    List<OriginDraft> origins() {
        return origins;
    }

    List<Section> others() {
        return others;
    }

    boolean headerSeen() {
        return headerSeen;
    }

    /** When it was printed; 0 when no line told. */
    long unixNs() {
        return unixNs;
    }

    void seenAt(long lineUnixNs) {
        unixNs = unixNs == 0 ? lineUnixNs : unixNs;
    }

    /** The section whose stack is being read; null before the first. */
    Section current() {
        return current;
    }

    void add(AccessDraft access) {
        accesses.add(access);
        current = access.section();
    }

    void add(OriginDraft origin) {
        origins.add(origin);
        current = origin.section();
    }

    void addOther(Section section) {
        if (others.size() < MAX_OTHER_SECTIONS) {
            others.add(section);
        }
        current = section;
    }

    /** Whether any access came with its stack, as the detector prints it. */
    boolean hasStack() {
        return accesses.stream().anyMatch(access -> access.section().hasStack());
    }

    /** The last access had no stack under it: some logger quoted it. */
    void dropUnconfirmed() {
        accesses.removeIf(access -> access.section() == current && !current.hasStack());
    }

    /** Whether the goroutine is one of the accesses' and its creation was not read yet. */
    boolean awaitsOrigin(long goroutine) {
        boolean known =
                accesses.size() < MAX_ACCESSES || accesses.stream().anyMatch(access -> access.goroutine() == goroutine);
        return known && origins.stream().noneMatch(origin -> origin.goroutine() == goroutine);
    }

    /** Both accesses are there, and the creation of each goroutine but the main one. */
    boolean isWhole() {
        return accesses.size() == MAX_ACCESSES
                && accesses.stream().allMatch(access -> access.main() || !awaitsOrigin(access.goroutine()));
    }

    /**
     * Takes out what only looked like an access: the detector prints a stack under each.
     *
     * @param cut the input ended here, so that the last stack may be missing
     * @return whether a report is left: with a header one access is enough; without one, another section must confirm it
     */
    boolean settle(boolean cut) {
        Section last = current;
        accesses.removeIf(access -> !access.section().hasStack() && !(cut && access.section() == last));
        return hasStack() && (headerSeen || accesses.size() == MAX_ACCESSES || !origins.isEmpty());
    }
}
