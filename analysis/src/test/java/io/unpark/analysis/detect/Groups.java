package io.unpark.analysis.detect;

import io.unpark.analysis.Samples;
import io.unpark.analysis.model.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Groups of stuck goroutines for tests. Unless told otherwise each member was created by a goroutine of its own that is
 * gone, one every 300 ms, and waits since its birth; it is ten seconds after the trace's start, and nothing moves.
 */
final class Groups {
    static final long MS = 1_000_000L;
    static final long NOW_NS = 10_000 * MS;

    String start = "main.handle.func1";
    Stack creation = Samples.stack("main.handle /src/main.go:18", "net/http.(*conn).serve /go/server.go:9");
    Stack place = Stack.EMPTY;
    String reason = "";
    long created = -1;
    long ended;
    long lastCreatedNs = NOW_NS - 100 * MS;
    long longestLifeNs;
    long lastMoveNs = Long.MIN_VALUE;
    boolean looping;
    int bodiesRead;
    StuckGroup.Births births;
    int kinServed;
    long lastRequest;
    StuckGroup.Kin kin = StuckGroup.Kin.NONE;
    StuckGroup.Stage stage = StuckGroup.Stage.NONE;
    private final List<MemberOf> members = new ArrayList<>();

    /** One member; the names are those of {@link StuckGroup.Member}. */
    static final class MemberOf {
        long id;
        long creator;
        long bornInRequest;
        long createdNs;
        long sinceNs;
        boolean atLeast;
        int wokenHere;
        boolean creatorGone = true;
        long creatorActiveNs = Long.MIN_VALUE;
        boolean requestOpen;
        boolean clientLeft;
        boolean siblingAtWork;
        boolean childAtWork;
        boolean orphanedWait;
        boolean creatorAccepts;
        boolean onConnection;

        MemberOf(int index) {
            id = 100 + 10L * index;
            creator = 1_000 + 10L * index;
            createdNs = 500 * MS + 300 * MS * index;
            sinceNs = createdNs;
        }

        MemberOf old() {
            createdNs = Long.MIN_VALUE;
            creator = -1;
            creatorGone = false;
            atLeast = true;
            sinceNs = 0;
            return this;
        }

        MemberOf orphaned() {
            orphanedWait = true;
            creatorGone = false;
            return this;
        }

        private StuckGroup.Member build() {
            return new StuckGroup.Member(
                    id,
                    creator,
                    bornInRequest,
                    createdNs,
                    sinceNs,
                    atLeast,
                    wokenHere,
                    creatorGone,
                    creatorActiveNs,
                    requestOpen,
                    clientLeft,
                    siblingAtWork,
                    childAtWork,
                    orphanedWait,
                    creatorAccepts,
                    onConnection);
        }
    }

    /** @param frames as {@link Samples#stack} */
    static Groups waiting(String reason, String... frames) {
        Groups group = new Groups();
        group.reason = reason;
        group.place = Samples.stack(frames);
        return group;
    }

    static Groups sending() {
        return waiting("chan send", "runtime.chansend1 /go/chan.go:1", "main.handle.func1 /src/main.go:20");
    }

    static Groups receiving() {
        return waiting("chan receive", "runtime.chanrecv1 /go/chan.go:1", "main.handle.func1 /src/main.go:20");
    }

    Groups members(int count) {
        return members(count, m -> {});
    }

    Groups members(int count, Consumer<MemberOf> each) {
        for (int i = 0; i < count; i++) {
            MemberOf member = new MemberOf(members.size());
            each.accept(member);
            members.add(member);
        }
        return this;
    }

    Groups with(Consumer<Groups> change) {
        change.accept(this);
        return this;
    }

    StuckGroup build() {
        return new StuckGroup(
                start,
                creation,
                place,
                reason,
                members.stream().map(MemberOf::build).toList(),
                NOW_NS,
                created < 0 ? members.size() : created,
                ended,
                lastCreatedNs,
                longestLifeNs,
                minNs -> lastMoveNs,
                looping,
                bodiesRead,
                births == null ? bornApart() : births,
                kinServed,
                lastRequest,
                kin,
                stage);
    }

    /** Each of those older than the trace was born by itself, as their numbers show. */
    private StuckGroup.Births bornApart() {
        int old = (int)
                members.stream().filter(m -> m.createdNs == Long.MIN_VALUE).count();
        return new StuckGroup.Births(old, old, old, old, 0, old);
    }
}
