package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.Stack;
import java.util.ArrayList;
import java.util.List;

/** Makes the critical path of a request's segment of the causes found so far. */
final class PathMaker {
    private final InstanceState state;
    private final CausalWalk walk;

    PathMaker(InstanceState state, CausalWalk walk) {
        this.state = state;
        this.walk = walk;
    }

    RequestPath path(OpenRequest request, Goroutine main, long nowNs) {
        CauseTree tree = walk.snapshot(request, main, nowNs);
        List<PathHop> hops = new ArrayList<>(tree.nodes.size());
        for (CauseTree.Node node : tree.nodes) {
            hops.add(hop(node));
        }
        SlowVerdict verdict = request.verdict;
        return new RequestPath(hops, verdict.slow(), verdict.usualP99Ns(), verdict.among(), RequestPath.RootShare.NONE);
    }

    private PathHop hop(CauseTree.Node n) {
        return new PathHop(
                n.parent,
                n.kind,
                n.reason,
                n.goroutine,
                n.otherRoute,
                n.otherRequest,
                n.span,
                innermost(n.stack),
                line(n.stack),
                n.wakerStack.isEmpty() ? PathHop.NOWHERE : place(n.wakerStack),
                state.clock.wall(n.startNs),
                n.ns,
                n.count,
                n.partial);
    }

    private static Frame innermost(Stack stack) {
        return stack.isEmpty() ? PathHop.NOWHERE : stack.frames().get(0);
    }

    private Frame line(Stack stack) {
        Frame line = state.shapes.of(stack).userLine();
        return line == null ? PathHop.NOWHERE : line;
    }

    private Frame place(Stack stack) {
        Frame line = line(stack);
        return line.function().isEmpty() ? innermost(stack) : line;
    }
}
