package io.unpark.sink.api;

import io.unpark.sink.store.PlacedWindow;
import io.unpark.sink.store.WindowPlace;
import io.unpark.sink.store.WindowStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far two lists of windows were read backwards, of instances and of routes. One that has been read to its end stays there.
 *
 * @param sinceNs where both end, nanoseconds since 1970 UTC
 * @param items empty: from the newest on
 */
record WindowCursor(long sinceNs, Optional<WindowPlace> items, Optional<WindowPlace> routes) {
    private static final int PARTS = 5;

    /** The beginning. */
    static WindowCursor newest(long sinceNs) {
        return new WindowCursor(sinceNs, Optional.empty(), Optional.empty());
    }

    /** @throws ProblemException when the text is none of {@link #text} for that step */
    static WindowCursor of(WindowStep step, String text) {
        List<String> parts = Cursor.decode("windows " + step.text(), PARTS, text);
        try {
            return new WindowCursor(
                    Long.parseLong(parts.get(0)),
                    Optional.of(place(step, parts.get(1), parts.get(2))),
                    Optional.of(place(step, parts.get(3), parts.get(4))));
        } catch (NumberFormatException e) {
            throw Cursor.bad();
        }
    }

    private static WindowPlace place(WindowStep step, String ns, String id) {
        String known = step == WindowStep.RAW ? id : Long.toString(Long.parseLong(id));
        return new WindowPlace(Long.parseLong(ns), known);
    }

    /** After a page, newest first each; a list that had nothing stays where it is. */
    WindowCursor after(List<PlacedWindow> itemPage, List<PlacedWindow> routePage) {
        return new WindowCursor(sinceNs, last(items, itemPage), last(routes, routePage));
    }

    private static Optional<WindowPlace> last(Optional<WindowPlace> before, List<PlacedWindow> page) {
        return page.isEmpty() ? before : Optional.of(page.get(page.size() - 1).place());
    }

    String text(WindowStep step) {
        // Before everything: a list without any window.
        WindowPlace none = new WindowPlace(0, "0");
        List<String> parts = new ArrayList<>(List.of(Long.toString(sinceNs)));
        for (WindowPlace place : List.of(items.orElse(none), routes.orElse(none))) {
            parts.add(Long.toString(place.ns()));
            parts.add(place.id());
        }
        return Cursor.encode("windows " + step.text(), parts);
    }
}
