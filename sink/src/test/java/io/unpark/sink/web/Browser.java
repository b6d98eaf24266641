package io.unpark.sink.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/** A Chromium without a window, as Debian packages it (chromium, chromium-driver). Nothing is downloaded. */
final class Browser implements AutoCloseable {
    private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");
    private static final List<String> DRIVERS = List.of("chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    /** Pictures of the docs are written there: {@code -Dunpark.screenshots=../docs/images}. */
    private static final Optional<Path> PICTURES =
            Optional.ofNullable(System.getProperty("unpark.screenshots")).map(Path::of);

    private static final int PICTURE_BYTES_MAX = 150 * 1024;

    private final ChromeDriver driver;

    Browser() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(installed(BROWSERS).orElseThrow().toFile());
        // Without a sandbox, for builds that run as root in a container; it only opens pages of this build.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en");
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(installed(DRIVERS).orElseThrow().toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
    }

    /** Whether this machine has what the tests need. */
    static boolean available() {
        return installed(BROWSERS).isPresent() && installed(DRIVERS).isPresent();
    }

    private static Optional<Path> installed(List<String> names) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(folder -> names.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** As on a device of that width, with a light or a dark theme. */
    void look(int widthPixels, boolean dark) {
        look(widthPixels, 900, dark);
    }

    void look(int widthPixels, int heightPixels, boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", widthPixels, "height", heightPixels, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Requests for addresses that match do not come through from now on; with "" all do again. */
    void block(String pattern) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.setBlockedURLs", Map.of("urls", pattern.isEmpty() ? List.of() : List.of(pattern)));
    }

    void open(String url) {
        // A page that differs in its hash only would not be loaded again.
        driver.get("about:blank");
        driver.get(url);
    }

    /** Waits until the text is on the page. */
    void awaitText(String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(text()).contains(text));
    }

    String text() {
        return whenDrawn(() -> driver.findElement(By.tagName("body")).getText());
    }

    /** The texts of the elements, each on one line, without those that the page replaced meanwhile. */
    List<String> texts(String css) {
        return all(css, element -> element.getText().replaceAll("\\s+", " "));
    }

    /** What they are called for those who cannot see. */
    List<String> labels(String css) {
        return all(css, element -> element.getDomAttribute("aria-label"));
    }

    String attribute(String css, String name) {
        return whenDrawn(() -> first(css).getDomAttribute(name));
    }

    void click(String css) {
        whenDrawn(() -> {
            first(css).click();
            return css;
        });
    }

    /** Keys for the first such element, which has the focus afterwards. */
    void type(String css, CharSequence... keys) {
        whenDrawn(() -> {
            first(css).sendKeys(keys);
            return css;
        });
    }

    private WebElement first(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    private List<String> all(String css, Function<WebElement, String> what) {
        return whenDrawn(() ->
                driver.findElements(By.cssSelector(css)).stream().map(what).toList());
    }

    /** A page draws itself anew when more of it comes: what was found may be gone when it is asked, and is looked for again. */
    private static <T> T whenDrawn(Callable<T> action) {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .ignoreExceptionsMatching(
                        e -> e instanceof StaleElementReferenceException || e instanceof NoSuchElementException)
                .until(action, done -> true);
    }

    /** Keys one after the other, on what has the focus. */
    void press(CharSequence... keys) {
        for (CharSequence key : keys) {
            new Actions(driver).sendKeys(key).perform();
        }
    }

    String address() {
        return driver.getCurrentUrl();
    }

    Object run(String script) {
        return ((JavascriptExecutor) driver).executeScript(script);
    }

    /** What axe calls serious or critical, one line a rule. */
    List<String> barriers() {
        return new AxeBuilder()
                .analyze(driver).getViolations().stream()
                        .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
                        .map(Browser::line)
                        .toList();
    }

    private static String line(Rule rule) {
        return rule.getId() + ": " + rule.getHelp() + " "
                + rule.getNodes().stream().map(node -> node.getHtml()).toList();
    }

    /** The page is not wider than the window: nobody has to scroll sideways to read. */
    boolean fits() {
        return (Boolean) run("return document.documentElement.scrollWidth <= document.documentElement.clientWidth;");
    }

    /** The whole page as a picture under {@code target/screenshots}. */
    void screenshot(String name) throws IOException {
        long height = ((Number) run("return document.documentElement.scrollHeight;")).longValue();
        long width = ((Number) run("return window.innerWidth;")).longValue();
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", Math.min(4000, height), "deviceScaleFactor", 1, "mobile", false));
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    /** What the window shows, for the docs when they are asked for. */
    void picture(String name) throws IOException {
        if (PICTURES.isPresent()) {
            byte[] png = driver.getScreenshotAs(OutputType.BYTES);
            assertThat(png.length).as("bytes of " + name).isLessThan(PICTURE_BYTES_MAX);
            Files.createDirectories(PICTURES.get());
            Files.write(PICTURES.get().resolve(name + ".png"), png);
        }
    }

    /** Waits until all charts are drawn. */
    void awaitCharts() {
        await().atMost(PATIENCE).until(() ->
                (Boolean) run("return [...document.querySelectorAll('unpark-plot')].every((plot) => plot.chart);"));
    }

    /** From now on every page tells in {@code window.thereAfterMs} when it first had such an element. */
    void noteWhenThere(String css) {
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", """
                new MutationObserver((changes, observer) => {
                  if (document.querySelector('%s')) { window.thereAfterMs = performance.now(); observer.disconnect(); }
                }).observe(document, { childList: true, subtree: true });""".formatted(css)));
    }

    /** Whether what is drawn on the first chart is more than its background. */
    boolean somethingIsDrawn() {
        return (Boolean) run("""
                const canvas = document.querySelector('unpark-plot').shadowRoot.querySelector('canvas');
                const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                return pixels.some((value) => value !== 0);""");
    }

    /** The upper part of the page for the docs, when they are asked for. */
    void documented(String name, int heightPixels) throws IOException {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 1280, "height", heightPixels, "deviceScaleFactor", 1, "mobile", false));
        picture(name);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
