package io.unpark.sink.web;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A browser for all tests of a class, a server with an empty store for each. */
abstract class WebTest {
    static Browser browser;

    WebServer server;

    @BeforeAll
    static void startBrowser() {
        if (!Browser.available()) {
            System.out.println("Skipped: no browser here (apt-get install chromium chromium-driver).");
        }
        Assumptions.assumeTrue(Browser.available(), "needs chromium and chromedriver on the PATH");
        browser = new Browser();
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
            browser = null;
        }
    }

    WebServer newServer() {
        return new WebServer();
    }

    @BeforeEach
    void startServer() {
        server = newServer();
        browser.look(1280, false);
    }

    @AfterEach
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    void open(String hash) {
        browser.open(server.url() + hash);
    }
}
