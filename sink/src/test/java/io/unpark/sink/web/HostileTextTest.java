package io.unpark.sink.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unpark.schemas.record.Advice;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.CauseStep;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.Place;
import io.unpark.schemas.record.RequestTrace;
import io.unpark.schemas.record.RouteEdge;
import io.unpark.schemas.record.RouteRoot;
import io.unpark.schemas.record.RouteWindow;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.schemas.record.SlowRequest;
import io.unpark.schemas.record.TimeSplit;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing that comes from a trace is ever markup, a script or an address to go to: every field of an anomaly, of windows, of a
 * request and of the status is hostile, and every page is opened. A new page is a line in {@link #PAGES}.
 */
final class HostileTextTest extends WebTest {
    /** NAME is the service, its route, and all else; ID the request's. */
    private static final List<String> PAGES = List.of(
            "#/",
            "#/?service=NAME",
            "#/anomaly/h1",
            "#/overview",
            "#/services",
            "#/service/NAME",
            "#/request/ID",
            "#/map?service=NAME",
            "#/flame?service=NAME&route=NAME",
            "#/flame?anomaly=h1",
            "#/flame?request=ID",
            "#/compare?service=NAME",
            "#/status",
            "#/NAME");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String LIVE = "return document.getElementById('live').textContent;";

    private static final String INTRUDERS = """
            const own = (e) => !e.closest('header');
            const bad = [...document.querySelectorAll('body *')].filter(own).filter((e) =>
              ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'IMG', 'STYLE', 'BASE', 'FORM', 'META'].includes(e.tagName)
              || ['foreignObject', 'animate', 'set', 'use', 'image'].includes(e.tagName)
              || [...e.attributes].some((a) => a.name.startsWith('on') || a.name === 'srcdoc'
                || ['href', 'src', 'action', 'formaction', 'xlink:href'].includes(a.name)
                  && !/^(#|https?:|api\\/)/.test(a.value)));
            return bad.map((e) => e.outerHTML.slice(0, 200));""";

    @Override
    WebServer newServer() {
        return new WebServer("<img src=x onerror=\"window.broken=1\">");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<img src=x onerror=\"window.broken=1\">",
                "\"'><svg onload=window.broken=1><a href=x>",
                "javascript:window.broken=1//",
            })
    void isTextOnEveryPage(String hostile) throws Exception {
        server.write(TestRows.of(
                List.of(anomaly(hostile)),
                List.of(runtime(hostile, 1), runtime(hostile, 2)),
                List.of(route(hostile)),
                List.of(request(hostile)),
                WebServer.nowMs()));

        for (String page : PAGES) {
            open(page.replace("NAME", encoded(hostile)).replace("ID", RequestSamples.ID));
            // A page that this version has not is the list, which may not take what it is asked for.
            await().atMost(PATIENCE).until(() -> !"loading".equals(browser.run(LIVE)));
            browser.run("document.querySelectorAll('details').forEach((e) => { e.open = true; });");

            assertThat(browser.run(INTRUDERS)).as(page).isEqualTo(List.of());
            assertThat(browser.run("return window.broken;")).as(page).isNull();
            // So that the test is about something: the names are there, as text.
            if (!page.matches("#/(map|flame|compare|NAME).*")) {
                browser.awaitText(page.equals("#/status") ? "onerror" : hostile.substring(0, 12));
            }
        }
    }

    private static Anomaly anomaly(String hostile) {
        return Samples.anomaly("h1", "orders", hostile.substring(0, Math.min(64, hostile.length())))
                .setInstance(instance(hostile))
                .setPlace(new Place(hostile, hostile, 42, hostile, hostile))
                .setSummary(hostile)
                .setEvidence(Map.of(
                        hostile,
                        hostile,
                        "request",
                        hostile,
                        "blocking_stack",
                        List.of(hostile, hostile + " " + hostile + ":12"),
                        "instances",
                        List.of(hostile)))
                .setCause(List.of(new CauseStep(
                        hostile, hostile, hostile, hostile, hostile, hostile, 42, 5_000L, 0, 5_000L, 500)))
                .setAdvice(new Advice(hostile, hostile, hostile))
                .setWorstFindingId("f")
                .build();
    }

    private static RuntimeWindow runtime(String hostile, long generation) {
        return RuntimeWindow.newBuilder(Samples.runtimeWindow("orders", generation))
                .setInstance(instance(hostile))
                .setCapture(hostile)
                .setGoroutinesByCreation(Map.of(hostile, 90L, "main.main", 10L))
                .setGoroutinesByReason(Map.of(hostile, 80L))
                .build();
    }

    private static RouteWindow route(String hostile) {
        RouteRoot root = RouteRoot.newBuilder()
                .setKind(hostile)
                .setReason(hostile)
                .setPlace(new io.unpark.schemas.record.Frame(hostile, hostile, 7))
                .setPeer(hostile)
                .setRequests(3)
                .setExplainedNs(1_000_000)
                .build();
        return RouteWindow.newBuilder(Samples.routeWindow("orders", 1, hostile))
                .setInstance(instance(hostile))
                .setSplit(new TimeSplit(10L, 20L, 30L, 40L, 50L, Map.of(hostile, 60L)))
                .setEdges(List.of(new RouteEdge(hostile, hostile, 120L, 119L)))
                .setRoots(List.of(root))
                .setSlowest(List.of(new SlowRequest(hostile, 5_000L)))
                .build();
    }

    private static RequestTrace request(String hostile) {
        return RequestSamples.named(hostile);
    }

    private static Instance instance(String hostile) {
        return new Instance(hostile, hostile, hostile, hostile);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
