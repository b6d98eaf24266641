package io.unpark.analysis.model;

/**
 * The line to look at. Every field is "" (line 0) when it does not apply.
 *
 * @param site function of the user's line
 * @param creationSite function that started the goroutine, for kinds about goroutines
 * @param route for kinds about requests, such as {@code GET /api}
 */
public record Place(String site, String file, int line, String creationSite, String route) {
    public static final Place NONE = new Place("", "", 0, "", "");
}
