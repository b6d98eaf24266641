package io.unpark.testkit;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A text file of named sections, as the Go toolchain's txtar: a comment, then {@code -- name --} lines, each followed by
 * its section.
 *
 * @param comment what comes before the first section
 * @param sections by name, in order, each with its line ends
 */
public record TextArchive(String comment, Map<String, String> sections) {

    public static TextArchive parse(String text) {
        Map<String, StringBuilder> parts = new LinkedHashMap<>();
        StringBuilder comment = new StringBuilder();
        StringBuilder current = comment;
        for (String line : text.lines().toList()) {
            if (line.startsWith("-- ") && line.endsWith(" --") && line.length() > 6) {
                current = new StringBuilder();
                parts.put(line.substring(3, line.length() - 3).strip(), current);
            } else {
                current.append(line).append('\n');
            }
        }
        Map<String, String> sections = new LinkedHashMap<>();
        parts.forEach((name, part) -> sections.put(name, part.toString()));
        return new TextArchive(comment.toString(), sections);
    }

    /** The section of this name. */
    public String section(String name) {
        String section = sections.get(name);
        if (section == null) {
            throw new IllegalArgumentException("no section " + name + ", only " + sections.keySet());
        }
        return section;
    }
}
