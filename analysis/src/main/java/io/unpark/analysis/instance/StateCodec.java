package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.codec.FindingCodec;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Histogram;
import io.unpark.analysis.model.Stack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A correlator's state as pages. Goroutines lie by id, 256 ids a page, so that those which stay parked cost nothing; what
 * is looked up by content (cohorts, places, findings) lies in a fixed number of buckets.
 */
final class StateCodec {
    /** Changes when the layout does: state of another version is refused, and history replayed. */
    private static final int VERSION = 1;

    private static final int BUCKETS = 64;

    private record Page(String kind, long number) {}

    private final InstanceState state;
    private final RequestTracker requests;
    private final RequestAnnotations annotations;
    private final GenerationTracker tracker;
    private final Ledger ledger;
    private final StackRefs stacks;
    private final GoroutineCodec goroutineCodec;
    private final RequestCodec requestCodec;

    /** What was written last, by page: a digest of the bytes. */
    private final Map<Page, Long> written = new HashMap<>();

    StateCodec(
            InstanceState state,
            RequestTracker requests,
            RequestAnnotations annotations,
            GenerationTracker tracker,
            Ledger ledger) {
        this.state = state;
        this.requests = requests;
        this.annotations = annotations;
        this.tracker = tracker;
        this.ledger = ledger;
        this.stacks = new StackRefs(state.stacks);
        this.goroutineCodec = new GoroutineCodec(stacks);
        this.requestCodec = new RequestCodec(stacks, state.goroutines);
    }

    List<StatePage> dirty() {
        stacks.beginWrite();
        Map<Page, BinaryWriter> pages = new TreeMap<>(PAGE_ORDER);
        state.goroutines.forEachSorted(g -> goroutineCodec.write(page(pages, "g", g.id >> 8), g));
        requests.requests.forEach(r -> requestCodec.write(page(pages, "request", r.local >> 4), r));
        writeCohorts(pages);
        writeWaits(pages);
        writeFindings(pages);
        writeMeta(page(pages, "meta", 0));
        Map<Page, byte[]> all = new TreeMap<>(PAGE_ORDER);
        pages.forEach((page, out) -> all.put(page, out.toBytes()));
        stacks.endWrite();
        for (int i = 0; i < stacks.pages(); i++) {
            byte[] bytes = stacks.page(i);
            if (bytes.length > 0) {
                all.put(new Page("stack", i), bytes);
            }
        }
        forgetStacks();
        return changed(all);
    }

    private static final java.util.Comparator<Page> PAGE_ORDER =
            java.util.Comparator.comparing(Page::kind).thenComparingLong(Page::number);

    private static BinaryWriter page(Map<Page, BinaryWriter> pages, String kind, long number) {
        return pages.computeIfAbsent(new Page(kind, number), p -> new BinaryWriter());
    }

    private List<StatePage> changed(Map<Page, byte[]> all) {
        List<StatePage> dirty = new ArrayList<>();
        all.forEach((page, bytes) -> {
            Long digest = digest(bytes);
            if (!digest.equals(written.put(page, digest))) {
                dirty.add(new StatePage(page.kind(), page.number(), bytes));
            }
        });
        written.keySet().removeIf(page -> {
            boolean gone = !all.containsKey(page);
            if (gone) {
                dirty.add(new StatePage(page.kind(), page.number(), new byte[0]));
            }
            return gone;
        });
        return dirty;
    }

    private static long digest(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue() << 32 ^ Arrays.hashCode(bytes);
    }

    /** Stacks that were seen and that nothing refers to any more would pile up. */
    private void forgetStacks() {
        if (state.stacks.size() > 2 * stacks.inUse().size() + 1_000) {
            state.stacks.retain(stacks.inUse());
            state.shapes.clear();
        }
    }

    private void writeMeta(BinaryWriter out) {
        out.writeByte(VERSION);
        out.writeText(state.capture);
        out.writeUnsigned(state.lastGeneration);
        out.writeSigned(state.traceStartNs);
        out.writeBoolean(state.afterGap);
        out.writeSigned(state.clock.offsetNs());
        out.writeSigned(state.world.totalAt(tracker.nowNs));
        out.writeSigned(tracker.nowNs);
        out.writeUnsigned(requests.nextLocal);
        out.writeUnsigned(requests.overflowed);
        out.writeSigned(state.meter.heapLiveBytes);
        out.writeSigned(state.meter.heapGoalBytes);
        out.writeUnsigned(state.meter.procs);
        out.writeUnsigned(state.pastCaptures.size());
        state.pastCaptures.forEach((capture, last) -> {
            out.writeText(capture);
            out.writeUnsigned(last);
        });
        out.writeUnsigned(state.chunks.size());
        for (ChunkRef c : state.chunks) {
            out.writeText(c.topic());
            out.writeSigned(c.partition());
            out.writeSigned(c.offset());
            out.writeText(c.capture());
            out.writeUnsigned(c.generation());
        }
    }

    private void readMeta(BinaryReader in) {
        int version = in.readByte();
        if (version != VERSION) {
            throw new CodecException("state of version " + version + ", this is " + VERSION);
        }
        state.capture = in.readText();
        state.lastGeneration = in.readUnsigned();
        state.traceStartNs = in.readSigned();
        state.afterGap = in.readBoolean();
        state.clock.restore(in.readSigned());
        state.world.restore(in.readSigned());
        tracker.nowNs = in.readSigned();
        requests.nextLocal = in.readUnsigned();
        requests.overflowed = in.readUnsigned();
        state.meter.heapLiveBytes = in.readSigned();
        state.meter.heapGoalBytes = in.readSigned();
        state.meter.procs = (int) in.readUnsigned();
        for (int i = in.readCount(); i > 0; i--) {
            state.pastCaptures.put(in.readText(), in.readUnsigned());
        }
        for (int i = in.readCount(); i > 0; i--) {
            state.chunk(new ChunkRef(in.readText(), in.readInt(), in.readSigned(), in.readText(), in.readUnsigned()));
        }
    }

    private void writeCohorts(Map<Page, BinaryWriter> pages) {
        List<Map.Entry<Cohorts.Key, Cohort>> sorted = new ArrayList<>(state.cohorts.cohorts.entrySet());
        sorted.sort(java.util.Comparator.comparing(e -> e.getKey().toString()));
        for (Map.Entry<Cohorts.Key, Cohort> e : sorted) {
            BinaryWriter out = page(pages, "cohort", bucket(e.getKey().toString()));
            Cohort c = e.getValue();
            out.writeText(e.getKey().start());
            stacks.write(out, state.stacks.intern(e.getKey().creation()));
            out.writeUnsigned(c.created);
            out.writeUnsigned(c.ended);
            out.writeSigned(c.firstCreatedNs);
            out.writeSigned(c.lastCreatedNs);
            out.writeUnsigned(c.longestLifeNs);
            out.writeUnsigned(c.outlivedRequest);
        }
    }

    private void readCohort(BinaryReader in) {
        Cohort c = state.cohorts.cohort(new Cohorts.Key(in.readText(), stacks.read(in)));
        c.created = in.readUnsigned();
        c.ended = in.readUnsigned();
        c.firstCreatedNs = in.readSigned();
        c.lastCreatedNs = in.readSigned();
        c.longestLifeNs = in.readUnsigned();
        c.outlivedRequest = in.readUnsigned();
    }

    private void writeWaits(Map<Page, BinaryWriter> pages) {
        List<Map.Entry<Stack, WaitHistory>> sorted = new ArrayList<>(state.cohorts.waits.entrySet());
        sorted.sort(java.util.Comparator.comparing(e -> e.getKey().toString()));
        for (Map.Entry<Stack, WaitHistory> e : sorted) {
            BinaryWriter out = page(pages, "wait", bucket(e.getKey().toString()));
            stacks.write(out, state.stacks.intern(e.getKey()));
            for (int i = 0; i < Histogram.BUCKETS; i++) {
                out.writeUnsigned(e.getValue().counts[i]);
                out.writeSigned(e.getValue().lastEndNs[i]);
            }
        }
    }

    private void readWait(BinaryReader in) {
        WaitHistory history = state.cohorts.waitsAt(stacks.read(in));
        for (int i = 0; i < Histogram.BUCKETS; i++) {
            history.counts[i] = (int) in.readUnsigned();
            history.lastEndNs[i] = in.readSigned();
        }
    }

    private void writeFindings(Map<Page, BinaryWriter> pages) {
        for (Finding f : ledger.standing.values()) {
            FindingCodec.write(page(pages, "standing", bucket(f.findingId())), f);
        }
        ledger.ofRequests.forEach((local, findings) -> {
            BinaryWriter out = page(pages, "told", local >> 4);
            out.writeUnsigned(local);
            out.writeUnsigned(findings.size());
            findings.forEach(f -> FindingCodec.write(out, f));
        });
    }

    private void readTold(BinaryReader in) {
        long local = in.readUnsigned();
        List<Finding> findings = new ArrayList<>();
        for (int i = in.readCount(); i > 0; i--) {
            findings.add(FindingCodec.read(in));
        }
        ledger.ofRequests.put(local, findings);
    }

    private static long bucket(String key) {
        return Math.floorMod(key.hashCode(), BUCKETS);
    }

    void read(Iterable<StatePage> pages) {
        Map<String, TreeMap<Long, byte[]>> byKind = new HashMap<>();
        for (StatePage page : pages) {
            byKind.computeIfAbsent(page.kind(), k -> new TreeMap<>()).put(page.number(), page.bytes());
            written.put(new Page(page.kind(), page.number()), digest(page.bytes()));
        }
        byKind.getOrDefault("stack", new TreeMap<>())
                .forEach((number, bytes) -> stacks.readPage(number, new BinaryReader(bytes)));
        each(byKind, "meta", this::readMeta);
        each(byKind, "g", in -> {
            Goroutine g = goroutineCodec.read(in);
            state.goroutines.put(g.id, g);
        });
        each(byKind, "request", in -> {
            OpenRequest request = requestCodec.read(in);
            requests.requests.add(request);
            if (request.task != 0 && !request.ended()) {
                annotations.byTask.put(request.task, request);
            }
        });
        each(byKind, "cohort", this::readCohort);
        each(byKind, "wait", this::readWait);
        each(byKind, "standing", in -> {
            Finding f = FindingCodec.read(in);
            ledger.standing.put(f.findingId(), f);
        });
        each(byKind, "told", this::readTold);
    }

    private static void each(
            Map<String, TreeMap<Long, byte[]>> byKind, String kind, java.util.function.Consumer<BinaryReader> item) {
        for (byte[] bytes : byKind.getOrDefault(kind, new TreeMap<>()).values()) {
            BinaryReader in = new BinaryReader(bytes);
            while (in.hasMore()) {
                item.accept(in);
            }
        }
    }
}
