package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.Stack;

/** Writes what is found out about a request's time into a tree of causes. */
final class CauseNotes {
    private final Shape.Cache shapes;
    private OpenRequest request;
    private CauseTree tree;

    CauseNotes(Shape.Cache shapes) {
        this.shapes = shapes;
    }

    /** What comes now is about this request, and goes into this tree. */
    void about(OpenRequest of, CauseTree into) {
        request = of;
        tree = into;
    }

    OpenRequest request() {
        return request;
    }

    CauseTree tree() {
        return tree;
    }

    /** Time that a goroutine spent, which nothing below explains further. */
    void spend(int parent, HopKind kind, String reason, Stack stack, Goroutine g, long startNs, long ns) {
        tree.spend(node(parent, kind, reason, stack, "", g, startNs), ns);
    }

    /** The node of what a goroutine did there; made when it is the first time. */
    int node(int parent, HopKind kind, String reason, Stack stack, String span, Goroutine g, long startNs) {
        Frame line = shapes.of(stack).userLine();
        String function = line == null ? "" : line.function();
        int index = tree.node(parent, kind, reason, stack, function, span, g, startNs);
        CauseTree.Node node = tree.nodes.get(index);
        if (startNs < node.startNs) {
            node.startNs = startNs;
        }
        OpenRequest theirs = g.request;
        if (theirs != null && theirs != request && node.otherRoute.isEmpty() && node.otherRequest.isEmpty()) {
            node.otherRoute = theirs.route;
            node.otherRequest = theirs.traceId;
        }
        return index;
    }
}
