package io.unpark.analysis.profile;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import java.util.List;
import java.util.Map;

/** What a goroutine waits for, by the runtime's functions on top of its stack; in the words that traces use. */
final class Waits {
    static final String NETWORK = "network";
    static final String SLEEP = "sleep";

    /** The first that a frame begins with counts. */
    private static final List<Map.Entry<String, String>> REASONS = List.of(
            Map.entry("runtime.chansend", "chan send"),
            Map.entry("runtime.chanrecv", "chan receive"),
            Map.entry("runtime.selectgo", "select"),
            Map.entry("runtime.block", "select (no cases)"),
            Map.entry("runtime.netpollblock", NETWORK),
            Map.entry("internal/poll.runtime_pollWait", NETWORK),
            Map.entry("time.Sleep", SLEEP),
            Map.entry("sync.runtime_", "sync"),
            Map.entry("internal/sync.runtime_", "sync"),
            Map.entry("runtime.semacquire", "sync"),
            Map.entry("runtime.notifyListWait", "sync"));

    private static final int MAX_FRAMES = 6;

    private Waits() {}

    /** "" for one that runs, or that waits for something else. */
    static String reason(Stack stack) {
        for (Frame frame : stack.frames().stream().limit(MAX_FRAMES).toList()) {
            for (Map.Entry<String, String> reason : REASONS) {
                if (frame.function().startsWith(reason.getKey())) {
                    return reason.getValue();
                }
            }
        }
        return "";
    }
}
