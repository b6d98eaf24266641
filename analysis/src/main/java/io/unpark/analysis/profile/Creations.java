package io.unpark.analysis.profile;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who started a goroutine, by names: profile.proto has the stack and not the creator. A closure is called after the function it stands in
 * ({@code main.(*server).quote.func1}), which is as a rule the one that starts it.
 */
final class Creations {
    /** What the compiler appends for a closure, a go statement's wrapper, and closures in closures (cmd/compile, closure.go). */
    private static final Pattern CLOSURE = Pattern.compile("(.+)\\.(?:func\\d+|gowrap\\d+|\\d+)(?:-range\\d+)?");

    private static final String PACKAGE_LEVEL = "glob.";

    private Creations() {}

    /** The enclosing function of the outermost closure that is the user's, or of the goroutine's start; "" when neither is one. */
    static String guess(Stack stack, UserCode userCode) {
        List<Frame> frames = stack.frames();
        for (int i = frames.size() - 1; i >= 0; i--) {
            Frame frame = frames.get(i);
            if (userCode.line(new Stack(List.of(frame))).isPresent()) {
                return enclosing(frame.function());
            }
        }
        return frames.isEmpty() ? "" : enclosing(frames.get(frames.size() - 1).function());
    }

    private static String enclosing(String function) {
        Matcher closure = CLOSURE.matcher(function);
        if (!closure.matches() || closure.group(1).endsWith(PACKAGE_LEVEL)) {
            return "";
        }
        return closure.group(1);
    }
}
