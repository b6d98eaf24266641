package io.unpark.analysis.race;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.RaceReport.Access;
import io.unpark.analysis.model.RaceReport.Origin;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One access of a race with what the report tells about its goroutine.
 *
 * @param site first frame outside the runtime and the standard library, else the innermost; {@link #UNKNOWN} without a stack
 * @param origin of its goroutine; null for the main goroutine and where it is not printed
 */
record RaceSide(Access access, Frame site, Origin origin) {
    static final Frame UNKNOWN = new Frame("", "?", 0);

    /** An order that does not hang on which access the detector saw first. */
    static final Comparator<RaceSide> ORDER = Comparator.comparing(RaceSide::place)
            .thenComparing(RaceSide::operation)
            .thenComparing(side -> side.site.function())
            .thenComparing(side -> side.access.stack().display().toString())
            .thenComparing(side -> side.access.goroutine());

    static RaceSide of(Access access, List<Origin> origins, UserCode userCode) {
        Stack stack = access.stack();
        Frame site = userCode.firstOutsideStandardLibrary(stack)
                .or(() -> stack.frames().stream().findFirst())
                .orElse(UNKNOWN);
        Origin origin = origins.stream()
                .filter(from -> from.goroutine() == access.goroutine() && !access.main())
                .findFirst()
                .orElse(null);
        return new RaceSide(access, withoutParentheses(site), origin);
    }

    /** Reports print {@code main.handler()}; places name {@code main.handler}. */
    static Frame withoutParentheses(Frame frame) {
        String function = frame.function();
        return function.endsWith("()")
                ? new Frame(function.substring(0, function.length() - 2), frame.file(), frame.line())
                : frame;
    }

    boolean isKnown() {
        return !access.stack().isEmpty();
    }

    boolean isWrite() {
        return access.operation().equals("write");
    }

    /** {@code file:line} as printed. */
    String place() {
        return site.file() + ":" + site.line();
    }

    /** Such as {@code write} or {@code atomic read}. */
    String operation() {
        return access.atomic() ? "atomic " + access.operation() : access.operation();
    }

    String goroutine() {
        if (access.main()) {
            return "main goroutine";
        }
        String number = access.goroutine() < 0 ? "goroutine of unknown number" : "goroutine " + access.goroutine();
        return origin != null && origin.finished() ? number + " (finished)" : number;
    }

    /** The line to show: the user's where there is one, else the site. */
    Frame userLine(UserCode userCode) {
        return ownLine(userCode).orElse(site);
    }

    /** The access's line in the user's code. */
    Optional<Frame> ownLine(UserCode userCode) {
        return userCode.line(access.stack()).map(RaceSide::withoutParentheses);
    }

    /** Where the user's code started the goroutine. */
    Optional<Frame> originLine(UserCode userCode) {
        return origin == null ? Optional.empty() : userCode.line(origin.stack()).map(RaceSide::withoutParentheses);
    }

    /**
     * The place without the folder that it was built in, which must not name an anomaly: the package from the function's name, the
     * file's base name, the line.
     */
    String identity() {
        String file = site.file();
        String base = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
        return userPackage() + "/" + base + ":" + site.line();
    }

    private String userPackage() {
        return UserCode.packageOf(site.function());
    }
}
