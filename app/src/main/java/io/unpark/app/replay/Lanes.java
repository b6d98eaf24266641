package io.unpark.app.replay;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Several lanes as one, by time, so that the parts of a request come near each other. A lane is opened when its time has come: of
 * those that have begun, one moment each is in memory.
 */
final class Lanes implements AutoCloseable {
    private final List<Lane> lanes;
    private final PriorityQueue<Head> heads =
            new PriorityQueue<>(Comparator.comparingLong(Head::unixNs).thenComparingInt(Head::number));

    /** @param moment null while the lane is not open */
    private record Head(int number, Lane lane, long unixNs, Moment moment) {}

    Lanes(List<? extends Lane> lanes) throws IOException {
        this.lanes = List.copyOf(lanes);
        for (int i = 0; i < lanes.size(); i++) {
            heads.add(new Head(i, lanes.get(i), lanes.get(i).beginUnixNs(), null));
        }
    }

    /** What comes next of all; null at the end. */
    Moment next() throws IOException {
        while (!heads.isEmpty()) {
            Head head = heads.poll();
            if (head.moment() != null) {
                advance(head);
                return head.moment();
            }
            advance(head);
        }
        return null;
    }

    private void advance(Head head) throws IOException {
        Moment next = head.lane().next();
        if (next != null) {
            heads.add(new Head(head.number(), head.lane(), next.unixNs(), next));
        }
    }

    @Override
    public void close() throws IOException {
        for (Lane lane : lanes) {
            lane.close();
        }
    }
}
