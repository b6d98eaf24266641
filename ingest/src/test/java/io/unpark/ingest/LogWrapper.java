package io.unpark.ingest;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Random;

/** Ways in which a line reaches a log file. */
enum LogWrapper {
    RAW,
    CRLF,
    STD_LOG,
    DOCKER_TIMES,
    CRI,
    KLOG,
    SYSLOG,
    COMPOSE,
    COLOURED_COMPOSE,
    KUBECTL,
    GITHUB,
    BRACKETS,
    TEST_OUTPUT,
    DOCKER_JSON,
    JSON_MESSAGE,
    JSON_UNKNOWN_FIELD,
    GO_TEST_JSON,
    JSON_IN_CRI,
    JSON_IN_DOCKER_JSON,
    LOGFMT,
    TRIMMED_JSON;

    String wrap(String line, Random random) {
        String micros = String.format("%06d", random.nextInt(1_000_000));
        String nanos = String.valueOf(1 + random.nextInt(999_999_999));
        String time = "2026-11-22T22:54:11." + nanos + "Z";
        return switch (this) {
            case RAW -> line;
            case CRLF -> line + "\r";
            case STD_LOG -> "2026/11/22 22:54:11." + micros + " " + line;
            case DOCKER_TIMES -> time + " " + line;
            case CRI -> time + " stderr F " + line;
            case KLOG ->
                "E1122 22:54:11." + micros + "   " + (1000 + random.nextInt(90_000)) + " stderr.go:12] " + line;
            case SYSLOG -> "Nov 22 22:54:11 node-7 orders[" + random.nextInt(99_999) + "]: " + line;
            case COMPOSE -> "orders-1  | " + line;
            case COLOURED_COMPOSE -> "\u001b[36morders-1  |\u001b[0m " + line;
            case KUBECTL -> "[pod/orders-6f7d/main] " + line;
            case GITHUB -> time + " " + line;
            case BRACKETS -> "[stderr]" + line;
            case TEST_OUTPUT -> "        " + line;
            case DOCKER_JSON -> "{\"log\":\"" + json(line) + "\\n\",\"stream\":\"stderr\",\"time\":\"" + time + "\"}";
            case JSON_MESSAGE ->
                "{\"level\":\"error\",\"ts\":1763852051." + micros + ",\"msg\":\"" + json(line) + "\"}";
            case JSON_UNKNOWN_FIELD -> "{\"sev\":\"E\",\"what\":\"" + json(line) + "\"}";
            case GO_TEST_JSON ->
                "{\"Time\":\"" + time + "\",\"Action\":\"output\",\"Package\":\"example.com/o\",\"Output\":\""
                        + json(line) + "\\n\"}";
            case JSON_IN_CRI -> time + " stderr F {\"severity\":\"ERROR\",\"message\":\"" + json(line) + "\"}";
            case JSON_IN_DOCKER_JSON ->
                "{\"log\":\"" + json("{\"msg\":\"" + json(line) + "\"}") + "\\n\",\"stream\":\"stderr\"}";
            case LOGFMT -> "time=" + time + " level=ERROR msg=\"" + json(line) + "\" pid=7";
            case TRIMMED_JSON -> "{\"message\":\"" + json(line.strip()) + "\"}";
        };
    }

    /** Whether the wrapper works by lines only, so that writes without a line's end reach the log as they are. */
    boolean keepsBytes() {
        return this == RAW || this == CRLF;
    }

    private static String json(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
}
