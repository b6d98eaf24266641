package io.unpark.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A Chromium of this machine that fills in the issuer's form. */
final class LoginBrowser implements AutoCloseable {
    private final ChromeDriver driver;

    LoginBrowser() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(installed("chromium", "chromium-browser", "google-chrome")
                .orElseThrow()
                .toFile());
        // Without a sandbox, for builds that run as root in a container; it only opens pages of this build.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en");
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(
                                installed("chromedriver").orElseThrow().toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
    }

    /** Whether this machine has one. */
    static boolean available() {
        return installed("chromium", "chromium-browser", "google-chrome").isPresent()
                && installed("chromedriver").isPresent();
    }

    private static Optional<Path> installed(String... names) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(folder -> List.of(names).stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    void open(String url) {
        driver.get(url);
    }

    String address() {
        return driver.getCurrentUrl();
    }

    void logIn(String name) {
        driver.findElement(By.name("username")).sendKeys(name);
        driver.findElement(By.cssSelector("[type=submit]")).click();
    }

    String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    /** What a script of a page could read. */
    String cookiesOfScripts() {
        return String.valueOf(driver.executeScript("return document.cookie;"));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
