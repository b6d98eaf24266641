package io.unpark.analysis.race;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.RaceReport.Access;
import java.util.List;

/** What the two accesses were made on, as far as the runtime's functions on top of their stacks tell. */
enum RaceObject {
    MAP("map", List.of("runtime.map", "internal/runtime/maps.", "reflect.map", "maps.")),
    CHANNEL("channel", List.of("runtime.chan", "runtime.closechan", "runtime.selectgo")),
    BULK("slice or string", List.of("runtime.slicecopy", "runtime.growslice", "runtime.memmove")),
    VARIABLE("variable", List.of());

    private final String text;
    private final List<String> prefixes;

    RaceObject(String text, List<String> prefixes) {
        this.text = text;
        this.prefixes = prefixes;
    }

    String text() {
        return text;
    }

    /**
     * @param sides the two accesses: the first kind, in the order above, that one of them shows between its innermost frame and
     *     its site
     */
    static RaceObject of(List<RaceSide> sides) {
        for (RaceObject object : values()) {
            if (sides.stream().anyMatch(side -> object.isTouchedBy(side.access(), side.site()))) {
                return object;
            }
        }
        return VARIABLE;
    }

    private boolean isTouchedBy(Access access, Frame site) {
        for (Frame frame : access.stack().frames()) {
            if (RaceSide.withoutParentheses(frame).equals(site)) {
                return false;
            }
            if (prefixes.stream().anyMatch(frame.function()::startsWith)) {
                return true;
            }
        }
        return false;
    }
}
