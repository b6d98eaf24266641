package io.unpark.sink.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.place.UserCode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One function in its place of the tree, or the reason of a wait at the end of a stack. */
final class FlameNode {
    private static final Comparator<FlameNode> LARGEST_FIRST = Comparator.comparingLong((FlameNode node) -> -node.ns)
            .thenComparingLong(node -> -node.againstNs)
            .thenComparing(node -> node.name);

    private final String name;
    private final boolean reason;
    private final Map<String, FlameNode> children = new HashMap<>();
    private String file = "";
    private int line;
    private long lineNs = -1;
    private long count;
    private long ns;
    private long againstNs;

    FlameNode(String name, boolean reason) {
        this.name = name;
        this.reason = reason;
    }

    /** The child of this name, or null. Functions and reasons never stand beside each other under one name. */
    FlameNode child(String childName, boolean isReason) {
        return children.get(isReason ? '(' + childName : childName);
    }

    void add(FlameNode child) {
        children.put(child.reason ? '(' + child.name : child.name, child);
    }

    void add(boolean against, long moreCount, long moreNs) {
        if (against) {
            againstNs = sum(againstNs, moreNs);
        } else {
            count = sum(count, moreCount);
            ns = sum(ns, moreNs);
        }
    }

    /** Of one function's lines it shows the one that took longest at once: versions move lines about. */
    void at(Frame frame, long frameNs) {
        if (frameNs > lineNs) {
            lineNs = frameNs;
            file = frame.file();
            line = frame.line();
        }
    }

    static long sum(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    long ns() {
        return ns;
    }

    long count() {
        return count;
    }

    long againstNs() {
        return againstNs;
    }

    /** No child has more. */
    long largestNs() {
        return Math.max(ns, againstNs);
    }

    Iterable<FlameNode> children() {
        return children.values();
    }

    /**
     * Writes what is above a limit.
     *
     * @param differential with the other selection's time
     * @param aboveNs children that have no more are summed as {@code cut}
     */
    ObjectNode json(boolean differential, long aboveNs) {
        ObjectNode json = Answers.JSON.createObjectNode().put("name", name);
        if (reason) {
            json.put("reason", true);
        } else if (!file.isEmpty()) {
            json.put("file", file);
            if (line > 0) {
                json.put("line", line);
            }
        }
        if (lineNs >= 0 && !reason && isOwn()) {
            json.put("own", true);
        }
        json.put("ns", ns).put("count", count);
        if (differential) {
            json.put("against_ns", againstNs);
        }
        List<FlameNode> kept = children.values().stream()
                .filter(child -> child.largestNs() > aboveNs)
                .sorted(LARGEST_FIRST)
                .toList();
        if (kept.size() < children.size()) {
            json.put("cut", children.size() - kept.size());
        }
        if (!kept.isEmpty()) {
            var array = json.putArray("children");
            kept.forEach(child -> array.add(child.json(differential, aboveNs)));
        }
        return json;
    }

    private boolean isOwn() {
        UserCode code = UserCode.standard();
        return !code.isStandardLibrary(name) && !code.isInfrastructure(name) && !file.contains("@v");
    }
}
