package io.unpark.analysis.place;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** A set of import paths; each stands for itself, and where asked for its sub-packages and versions too. */
final class PathSet {
    private final Set<String> paths;

    PathSet(Collection<String> paths) {
        this.paths = Set.copyOf(paths);
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }

    /** A list that lies next to this class: one path a line, lines with '#' and empty ones left out. */
    static PathSet ofResource(String name) {
        try (InputStream in = PathSet.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the list " + name + " is missing from the build");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return new PathSet(lines.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.toSet()));
        } catch (IOException e) {
            throw new UncheckedIOException("the list " + name + " could not be read", e);
        }
    }

    boolean contains(String path) {
        return paths.contains(path);
    }

    /** Whether it, a parent of it ({@code a/b} of {@code a/b/c}) or its unversioned name ({@code b} of {@code b.v3}) is in. */
    boolean covers(String path) {
        if (paths.isEmpty()) {
            return false;
        }
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            String parent = path.substring(0, end);
            if (paths.contains(parent) || paths.contains(withoutVersion(parent))) {
                return true;
            }
        }
        return false;
    }

    private static String withoutVersion(String path) {
        int at = path.lastIndexOf(".v");
        boolean digit = at > 0 && at + 2 < path.length() && Character.isDigit(path.charAt(at + 2));
        return digit ? path.substring(0, at) : path;
    }
}
