package io.unpark.analysis.instance;

import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.Stack;
import java.util.ArrayList;
import java.util.List;

/**
 * Where an open request's time went so far, as a tree: what its main goroutine did, and below each wait what those did who
 * ended it. Every nanosecond up to {@link #markNs} is at exactly one node.
 */
final class CauseTree {
    static final int TOP = -1;

    /** One place for what a full tree cannot tell apart. */
    private static final int MAX_NODES = RequestPath.MAX_HOPS - 2;

    /** Stretches of one kind at one place below one parent. A mutable record for this package. */
    static final class Node {
        final int parent;
        final HopKind kind;
        final String reason;
        final Stack stack;

        /** Of the user's line of the stack, "" when there is none. */
        final String function;

        final String span;
        long goroutine;
        String otherRoute = "";
        String otherRequest = "";
        Stack wakerStack = Stack.EMPTY;
        long startNs;
        long ns;
        long count;
        boolean partial;

        Node(int parent, HopKind kind, String reason, Stack stack, String function, String span) {
            this.parent = parent;
            this.kind = kind;
            this.reason = reason;
            this.stack = stack;
            this.function = function;
            this.span = span;
        }

        private boolean is(int ofParent, HopKind ofKind, String ofReason, Stack at, String ofFunction, String ofSpan) {
            boolean sameSort = parent == ofParent && kind == ofKind && reason.equals(ofReason) && span.equals(ofSpan);
            // Who runs is seen at ever other lines of a function; who waits, waits at one.
            boolean byFunction = kind != HopKind.WAITING && !function.isEmpty();
            return sameSort && (byFunction ? function.equals(ofFunction) : stack.equals(at));
        }
    }

    final List<Node> nodes = new ArrayList<>(4);

    /** What lies before is accounted for. */
    long markNs;

    long stwMark;

    void start(long nowNs, StopTheWorld world) {
        markNs = nowNs;
        stwMark = world.totalAt(nowNs);
    }

    void restoreMarks(long mark, long stopped) {
        markNs = mark;
        stwMark = stopped;
    }

    void clear() {
        nodes.clear();
    }

    /** Another tree with the same nodes. */
    CauseTree copy() {
        CauseTree copy = new CauseTree();
        copy.markNs = markNs;
        copy.stwMark = stwMark;
        for (Node n : nodes) {
            Node c = new Node(n.parent, n.kind, n.reason, n.stack, n.function, n.span);
            c.goroutine = n.goroutine;
            c.otherRoute = n.otherRoute;
            c.otherRequest = n.otherRequest;
            c.wakerStack = n.wakerStack;
            c.startNs = n.startNs;
            c.ns = n.ns;
            c.count = n.count;
            c.partial = n.partial;
            copy.nodes.add(c);
        }
        return copy;
    }

    /**
     * The node of a stretch, made when there is none; its parent when the tree is full, which then keeps the time without
     * telling more (at the top, a node of the same kind without a place).
     */
    int node(
            int parent,
            HopKind kind,
            String reason,
            Stack stack,
            String function,
            String span,
            Goroutine g,
            long startNs) {
        for (int i = parent + 1; i < nodes.size(); i++) {
            if (nodes.get(i).is(parent, kind, reason, stack, function, span)) {
                nodes.get(i).count++;
                return i;
            }
        }
        if (nodes.size() >= MAX_NODES) {
            return parent == TOP ? crowded(kind, g, startNs) : parent;
        }
        return add(new Node(parent, kind, reason, stack, function, span), g, startNs);
    }

    private int crowded(HopKind kind, Goroutine g, long startNs) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).parent == TOP && nodes.get(i).kind == kind) {
                nodes.get(i).partial = true;
                nodes.get(i).count++;
                return i;
            }
        }
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).is(TOP, HopKind.UNKNOWN, "", Stack.EMPTY, "", "")) {
                nodes.get(i).count++;
                return i;
            }
        }
        return add(new Node(TOP, HopKind.UNKNOWN, "", Stack.EMPTY, "", ""), g, startNs);
    }

    private int add(Node node, Goroutine g, long startNs) {
        node.goroutine = g == null ? Goroutine.NOBODY : g.id;
        node.startNs = startNs;
        node.count = 1;
        nodes.add(node);
        return nodes.size() - 1;
    }

    /** Time that nothing below the node explains. */
    void spend(int node, long ns) {
        nodes.get(node).ns += ns;
    }
}
