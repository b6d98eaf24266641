package io.unpark.analysis.detect;

/** What to change, by the pattern of the wait. */
final class LeakAdvice {
    private LeakAdvice() {}

    static String fix(StuckGroup group) {
        String reason = group.reason();
        if (reason.startsWith("chan send") || top(group).startsWith("runtime.chansend")) {
            return "Nobody receives any more. Give the channel a buffer of one, or send in a select with ctx.Done().";
        }
        if (reason.startsWith("chan receive") || top(group).startsWith("runtime.chanrecv")) {
            return "Nobody will send or close. Let the sender close the channel when it is done, or receive in a select with ctx.Done().";
        }
        if (reason.startsWith("select") && isBody(group)) {
            return "Close the response's body on every path (defer resp.Body.Close()) and read it to its end.";
        }
        if (reason.startsWith("select")) {
            return "None of the cases can become ready. Add a case for ctx.Done(), and call the context's cancel.";
        }
        if (has(group, "sync.(*WaitGroup).Wait")) {
            return "A Done is missing or its goroutine is stuck: call defer wg.Done() first thing in each goroutine.";
        }
        if (has(group, "sync.(*Cond).Wait")) {
            return "No Signal or Broadcast comes any more: signal after every change of the condition, also on the way out.";
        }
        if (has(group, "sync.(*Mutex).Lock")
                || has(group, "sync.(*RWMutex).Lock")
                || has(group, "sync.(*RWMutex).RLock")) {
            return "The lock is never released: unlock on every path (defer), and take several locks always in one order.";
        }
        if (reason.equals("network")) {
            return "The other side never answers: set a deadline on the connection (SetReadDeadline) or use a context with one.";
        }
        return "Give the goroutine a way out: a context that is cancelled when its work is no longer wanted.";
    }

    private static boolean isBody(StuckGroup group) {
        return group.start().startsWith("net/http.(*persistConn)");
    }

    private static String top(StuckGroup group) {
        return group.place().isEmpty() ? "" : group.place().frames().get(0).function();
    }

    private static boolean has(StuckGroup group, String function) {
        return group.place().frames().stream()
                .limit(4)
                .anyMatch(f -> f.function().equals(function));
    }
}
