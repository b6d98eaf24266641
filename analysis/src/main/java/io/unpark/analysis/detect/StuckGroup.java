package io.unpark.analysis.detect;

import io.unpark.analysis.model.Stack;
import java.util.List;

/**
 * Goroutines with the same start function, creation stack and place that have waited there for long, with the history of
 * their kind. Times are the trace's clock.
 *
 * @param start function that they started with
 * @param creation where they were created; EMPTY when that was before the trace
 * @param reason wait reason, "" when only a status stack is known
 * @param nowNs the generation's end
 * @param created goroutines of this start and creation since the trace began, {@code ended} of them that are gone
 * @param lastCreatedNs when the last of them was
 * @param longestLifeNs of those that are gone
 * @param looping they do not wait for long: timers wake them, again and again
 * @param bodiesRead HTTP responses' bodies of the process that somebody reads now
 * @param births what the numbers of those older than the trace tell
 * @param kinServed others of this start and creation, left by requests as these are, that are woken at this place from time to time
 * @param lastRequest the number of the process's last request; they are numbered in order, as in {@link Member#bornInRequest}
 * @param kin of a group older than the trace: what became of those of its start function that were created since
 * @param stage what others do at the group's place
 */
public record StuckGroup(
        String start,
        Stack creation,
        Stack place,
        String reason,
        List<Member> members,
        long nowNs,
        long created,
        long ended,
        long lastCreatedNs,
        long longestLifeNs,
        Movement movement,
        boolean looping,
        int bodiesRead,
        Births births,
        int kinServed,
        long lastRequest,
        Kin kin,
        Stage stage) {

    /** The waits that were completed at the group's place. */
    public interface Movement {
        /** When the last wait of at least about this length ended; {@code Long.MIN_VALUE}: never. */
        long lastEndNs(long minDurationNs);
    }

    /**
     * Goroutines of one start function whose creation was seen, wherever that was.
     *
     * @param created so many
     * @param ended of them, so many are gone
     * @param longestLifeNs of those that are gone
     * @param ofLibrary a library's function starts them, and may start others than these with it
     */
    public record Kin(long created, long ended, long longestLifeNs, boolean ofLibrary) {
        public static final Kin NONE = new Kin(0, 0, 0, false);

        /** Both together. */
        public Kin and(Kin other) {
            return new Kin(
                    created + other.created,
                    ended + other.ended,
                    Math.max(longestLifeNs, other.longestLifeNs),
                    ofLibrary);
        }
    }

    /**
     * The waits at one place that have ended.
     *
     * @param completed so many
     * @param longestNs none took longer; a power of two
     * @param passing goroutines of the group's kind that were given something here and elsewhere, and are not in the group: for them
     *     it is one place of their round
     */
    public record Stage(long completed, long longestNs, int passing) {
        public static final Stage NONE = new Stage(0, 0, 0);
    }

    /**
     * The numbers of the goroutines that were born before the trace. Numbers are given out in order, to each P some at a time.
     *
     * @param count members that are older than the trace
     * @param apart how often they were born: between two births stands the number of a goroutine that is gone
     * @param even of those births, how many left the number behind that most did
     * @param far of those births, how many came several goroutines after the one before
     * @param served others that are as old and wait at the same place, but were woken there in the trace
     * @param younger members that are younger than the eldest of these; all, when there is none
     */
    public record Births(int count, int apart, int even, int far, int served, int younger) {
        public static final Births NONE = new Births(0, 0, 0, 0, 0, 0);
    }

    /**
     * One goroutine.
     *
     * @param createdNs {@code Long.MIN_VALUE} when older than the trace
     * @param atLeast it waited already when it was first seen
     * @param wokenHere waits completed at this place before this one
     * @param creatorGone its creator ended, or the creator's request did
     * @param creatorActiveNs when a living creator last did something
     * @param requestOpen it was created by a request that still runs, or is that request's handler
     * @param clientLeft it is the handler of a request whose client is gone
     * @param siblingAtWork one that was created in the same moment runs, sleeps or is in a system call
     * @param childAtWork so does one that it created
     * @param orphanedWait it waits for others to be done, and those that were made for it are all gone
     * @param creatorAccepts its creator accepts connections
     * @param onConnection its creator, child or sibling reads from a connection; of one older than the trace, a neighbour
     */
    public record Member(
            long id,
            long creator,
            long bornInRequest,
            long createdNs,
            long sinceNs,
            boolean atLeast,
            int wokenHere,
            boolean creatorGone,
            long creatorActiveNs,
            boolean requestOpen,
            boolean clientLeft,
            boolean siblingAtWork,
            boolean childAtWork,
            boolean orphanedWait,
            boolean creatorAccepts,
            boolean onConnection) {

        public boolean isOld() {
            return createdNs == Long.MIN_VALUE;
        }
    }

    public StuckGroup {
        members = List.copyOf(members);
    }

    /** Nobody of it was created in the trace. */
    public boolean isOld() {
        return members.stream().allMatch(Member::isOld);
    }

    /** The longest wait. */
    public long longestWaitNs() {
        return nowNs - members.stream().mapToLong(Member::sinceNs).min().orElse(nowNs);
    }

    /** The shortest wait. */
    public long shortestWaitNs() {
        return nowNs - members.stream().mapToLong(Member::sinceNs).max().orElse(nowNs);
    }
}
