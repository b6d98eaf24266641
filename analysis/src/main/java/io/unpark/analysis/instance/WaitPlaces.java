package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import java.util.List;
import java.util.Set;

/**
 * The place where a goroutine waits, in one form. The stack of a status event starts deeper in the runtime
 * ({@code gopark}, {@code chanrecv}) than that of a blocking event ({@code chanrecv1}); without those frames they compare.
 */
final class WaitPlaces {
    /** Frames that only status stacks show, of Go 1.22 to 1.26. */
    private static final Set<String> DEEPER = Set.of(
            "runtime.gopark",
            "runtime.goparkunlock",
            "runtime.chanrecv",
            "runtime.chansend",
            "runtime.selectgo",
            "runtime.netpollblock",
            "internal/poll.runtime_pollWait",
            "internal/poll.(*pollDesc).wait",
            "internal/poll.(*pollDesc).waitRead",
            "internal/poll.(*pollDesc).waitWrite",
            "runtime.semacquire1",
            "runtime.semacquire",
            "sync.runtime_Semacquire",
            "sync.runtime_SemacquireMutex",
            "sync.runtime_SemacquireRWMutex",
            "sync.runtime_SemacquireRWMutexR",
            "sync.runtime_SemacquireWaitGroup",
            "internal/sync.runtime_SemacquireMutex",
            "internal/sync.(*Mutex).lockSlow",
            "internal/sync.(*Mutex).Lock",
            "sync.(*Mutex).lockSlow",
            "sync.runtime_notifyListWait",
            "time.Sleep.func1");

    private WaitPlaces() {}

    static Stack strip(Stack stack, StackTable table) {
        List<Frame> frames = stack.frames();
        int first = 0;
        while (first < frames.size() - 1 && DEEPER.contains(frames.get(first).function())) {
            first++;
        }
        return first == 0 ? stack : table.intern(new Stack(frames.subList(first, frames.size())));
    }
}
