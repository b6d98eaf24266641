package io.unpark.app.console;

import java.util.Locale;

/** What the launcher found out about the terminal; Java itself cannot tell stdout from stderr. */
public final class Terminal {
    private static final int DEFAULT_COLUMNS = 120;
    private static final int MIN_COLUMNS = 60;
    private static final int MAX_COLUMNS = 160;

    private Terminal() {}

    /** Width for tables, 60 to 160; 120 when stdout is no terminal. */
    public static int columns() {
        String told = System.getProperty("unpark.columns", "");
        if (!told.matches("\\d{1,4}")) {
            return DEFAULT_COLUMNS;
        }
        return Math.max(MIN_COLUMNS, Math.min(MAX_COLUMNS, Integer.parseInt(told)));
    }

    /** Whether a progress bar may overwrite its own line on stderr. */
    public static boolean isStderrTerminal() {
        return Boolean.getBoolean("unpark.stderr.terminal");
    }

    /** Such as {@code 12.3 MB}. */
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        String unit = "";
        for (String next : new String[] {"kB", "MB", "GB", "TB"}) {
            if (value < 1000) {
                break;
            }
            value /= 1000;
            unit = next;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
    }
}
