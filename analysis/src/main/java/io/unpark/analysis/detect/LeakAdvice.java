package io.unpark.analysis.detect;

import io.unpark.analysis.model.Stack;

/** What to change, by the pattern of the wait. */
public final class LeakAdvice {
    private LeakAdvice() {}

    static String fix(StuckGroup group) {
        return fix(group.reason(), group.place(), group.start());
    }

    /**
     * @param reason wait reason, "" when not known
     * @param place where it waits
     * @param start function that it began with
     */
    public static String fix(String reason, Stack place, String start) {
        if (reason.startsWith("chan send") || top(place).startsWith("runtime.chansend")) {
            return "Nobody receives any more. Give the channel a buffer of one, or send in a select with ctx.Done().";
        }
        if (reason.startsWith("chan receive") || top(place).startsWith("runtime.chanrecv")) {
            return "Nobody will send or close. Let the sender close the channel when it is done, or receive in a select with ctx.Done().";
        }
        if (reason.startsWith("select") && isBody(start)) {
            return "Close the response's body on every path (defer resp.Body.Close()) and read it to its end.";
        }
        if (reason.startsWith("select")) {
            return "None of the cases can become ready. Add a case for ctx.Done(), and call the context's cancel.";
        }
        if (has(place, "sync.(*WaitGroup).Wait")) {
            return "A Done is missing or its goroutine is stuck: call defer wg.Done() first thing in each goroutine.";
        }
        if (has(place, "sync.(*Cond).Wait")) {
            return "No Signal or Broadcast comes any more: signal after every change of the condition, also on the way out.";
        }
        if (has(place, "sync.(*Mutex).Lock")
                || has(place, "sync.(*RWMutex).Lock")
                || has(place, "sync.(*RWMutex).RLock")) {
            return "The lock is never released: unlock on every path (defer), and take several locks always in one order.";
        }
        if (reason.equals("network")) {
            return "The other side never answers: set a deadline on the connection (SetReadDeadline) or use a context with one.";
        }
        return "Give the goroutine a way out: a context that is cancelled when its work is no longer wanted.";
    }

    private static boolean isBody(String start) {
        return start.startsWith("net/http.(*persistConn)");
    }

    private static String top(Stack place) {
        return place.isEmpty() ? "" : place.frames().get(0).function();
    }

    private static boolean has(Stack place, String function) {
        return place.frames().stream().limit(4).anyMatch(f -> f.function().equals(function));
    }
}
