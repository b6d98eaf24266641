package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A correlator's state as pages. Goroutines lie by id, 256 ids a page, so that those which stay parked cost nothing; what
 * is looked up by content (cohorts, places, findings) lies in a fixed number of buckets.
 */
final class StateCodec {
    private static final String META = "meta";
    private static final String STACK = "stack";
    private static final String GOROUTINE = "g";
    private static final String REQUEST = "request";
    private static final int BUCKETS = 64;

    private final InstanceState state;
    private final RequestTracker requests;
    private final StackRefs stacks;
    private final GoroutineCodec goroutineCodec;
    private final RequestCodec requestCodec;
    private final CohortCodec cohortCodec;
    private final LedgerCodec ledgerCodec;
    private final MetaCodec metaCodec;
    private final Quarantine quarantine;
    private final PageBook pages = new PageBook();

    StateCodec(
            InstanceState state,
            RequestTracker requests,
            RequestAnnotations annotations,
            GenerationTracker tracker,
            Ledger ledger,
            Quarantine quarantine) {
        this.state = state;
        this.requests = requests;
        this.stacks = new StackRefs(state.stacks);
        CauseCodec causeCodec = new CauseCodec(stacks, state.shapes);
        this.goroutineCodec = new GoroutineCodec(stacks, causeCodec);
        this.requestCodec = new RequestCodec(stacks, state.goroutines, annotations.byTask, causeCodec);
        this.cohortCodec = new CohortCodec(state.cohorts, state.stacks, stacks);
        this.ledgerCodec = new LedgerCodec(ledger);
        this.metaCodec = new MetaCodec(state, requests, tracker);
        this.quarantine = quarantine;
    }

    static long bucket(String key) {
        return bucket(key.hashCode());
    }

    static long bucket(int hash) {
        return Math.floorMod(hash, BUCKETS);
    }

    /** The pages that changed since the last call. */
    List<StatePage> dirty() {
        stacks.beginWrite();
        metaCodec.write(pages.page(META, 0));
        state.goroutines.forEachSorted(g -> goroutineCodec.write(pages.page(GOROUTINE, g.id >> 8), g));
        requests.requests.forEach(r -> requestCodec.write(pages.page(REQUEST, r.local >> 4), r));
        cohortCodec.write(pages);
        ledgerCodec.write(pages);
        quarantine.write(pages);
        state.routes.write(pages);
        state.slowest.write(pages);
        stacks.endWrite();
        for (int i = 0; i < stacks.pages(); i++) {
            if (stacks.isPageInUse(i) && !(stacks.isPageUnchanged(i) && pages.keep(STACK, i))) {
                stacks.writePage(i, pages.page(STACK, i));
            }
        }
        forgetStacks();
        return pages.close();
    }

    /** Stacks that were seen and that nothing refers to any more would pile up. */
    private void forgetStacks() {
        if (state.stacks.size() > 2 * stacks.inUse().size() + 1_000) {
            state.stacks.retain(stacks.inUse());
        }
    }

    /** Restores what was written; into a state that knows nothing yet. */
    void read(Iterable<StatePage> stored) {
        Pages read = new Pages();
        for (StatePage page : stored) {
            read.byKind.computeIfAbsent(page.kind(), kind -> new TreeMap<>()).put(page.number(), page.bytes());
            pages.stored(page);
        }
        read.each(META, metaCodec::read); // first: it refuses pages of another version
        read.of(STACK).forEach((number, bytes) -> stacks.readPage(number, new BinaryReader(bytes)));
        read.each(GOROUTINE, in -> {
            Goroutine g = goroutineCodec.read(in);
            state.goroutines.put(g.id, g);
        });
        read.each(REQUEST, in -> requests.requests.add(requestCodec.read(in)));
        cohortCodec.read(read);
        ledgerCodec.read(read);
        quarantine.read(read);
        state.routes.read(read);
        state.slowest.read(read);
    }

    /** Stored pages by kind and number. */
    static final class Pages {
        private final Map<String, TreeMap<Long, byte[]>> byKind = new HashMap<>();

        private TreeMap<Long, byte[]> of(String kind) {
            return byKind.getOrDefault(kind, new TreeMap<>());
        }

        /** Reads the items of a kind's pages, one after the other. */
        void each(String kind, Consumer<BinaryReader> item) {
            for (byte[] bytes : of(kind).values()) {
                BinaryReader in = new BinaryReader(bytes);
                while (in.hasMore()) {
                    item.accept(in);
                }
            }
        }
    }
}
