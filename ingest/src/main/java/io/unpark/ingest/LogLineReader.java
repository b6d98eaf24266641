package io.unpark.ingest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Lines of a log, each bounded: what a line has beyond the limit is passed over and counted, never kept. */
final class LogLineReader {
    private final Reader reader;
    private final int maxLineChars;
    private long overlongLines;

    /** @param maxLineChars longest line kept, in UTF-16 units */
    LogLineReader(InputStream in, int maxLineChars) throws IOException {
        this(decoded(in), maxLineChars);
    }

    LogLineReader(Reader reader, int maxLineChars) {
        this.reader = reader instanceof BufferedReader ? reader : new BufferedReader(reader, 1 << 16);
        this.maxLineChars = maxLineChars;
    }

    /** The next line without its end (LF or CRLF), or null at the end of the input. */
    String next() throws IOException {
        int c = reader.read();
        if (c < 0) {
            return null;
        }
        StringBuilder line = new StringBuilder(160);
        boolean overlong = false;
        for (; c >= 0 && c != '\n'; c = reader.read()) {
            if (line.length() < maxLineChars) {
                line.append((char) c);
            } else {
                overlong = true;
            }
        }
        if (overlong) {
            overlongLines++;
        }
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\r') {
            end--;
        }
        return line.substring(0, end);
    }

    long overlongLines() {
        return overlongLines;
    }

    /** UTF-8 unless a byte-order mark says otherwise: a log redirected by PowerShell is UTF-16. */
    private static Reader decoded(InputStream in) throws IOException {
        PushbackInputStream pushback = new PushbackInputStream(in, 3);
        byte[] mark = pushback.readNBytes(3);
        Charset charset = StandardCharsets.UTF_8;
        int markBytes = 0;
        if (mark.length >= 2 && mark[0] == (byte) 0xff && mark[1] == (byte) 0xfe) {
            charset = StandardCharsets.UTF_16LE;
            markBytes = 2;
        } else if (mark.length >= 2 && mark[0] == (byte) 0xfe && mark[1] == (byte) 0xff) {
            charset = StandardCharsets.UTF_16BE;
            markBytes = 2;
        } else if (mark.length == 3 && mark[0] == (byte) 0xef && mark[1] == (byte) 0xbb && mark[2] == (byte) 0xbf) {
            markBytes = 3;
        }
        pushback.unread(mark, markBytes, mark.length - markBytes);
        return new InputStreamReader(pushback, charset);
    }
}
