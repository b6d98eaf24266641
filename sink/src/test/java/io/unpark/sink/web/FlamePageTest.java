package io.unpark.sink.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unpark.schemas.record.Place;
import io.unpark.schemas.record.ProfileEntry;
import io.unpark.schemas.record.StackProfile;
import io.unpark.sink.ProfileSamples;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** Flame graphs, as a browser shows them. */
final class FlamePageTest extends WebTest {
    private static final String ADDRESS = "#/flame?service=orders&namespace=shop";
    private static final String COMPARED = ADDRESS + "&version=v2&against=v1";
    private static final String HOSTILE = "<img src=x onerror=\"document.title='broken into'\">";

    @Test
    void showsWhereRequestsWereBlocked() throws Exception {
        givenTwoVersions();

        open(ADDRESS);
        browser.awaitText("Where the blocked time of orders went");

        assertThat(browser.text()).contains("7.3 s in 280 waits, in 20 s of traces");
        // The code of the user, of Go, and reasons have a colour each
        assertThat(cells("own")).contains("orders.(*Server).create", "orders.(*Cart).Add");
        assertThat(cells("go")).contains("http.(*conn).serve");
        assertThat(cells("reason")).contains("sync mutex lock", "select");
        // Its own time, that of Go's code beneath it, and why
        assertThat(browser.texts(".flame-table tbody tr").get(0))
                .isEqualTo("orders.(*Server).create /src/example.go:41 select, IO wait 3.3 s 6.4 s 87.7 %");
    }

    @Test
    void zoomsByKeyboardAndSaysWhereItIs() throws Exception {
        givenTwoVersions();
        open(ADDRESS);
        browser.awaitText("Where the blocked time of orders went");

        browser.type("[data-key=flame]", String.valueOf(Keys.ARROW_DOWN).repeat(5));
        await().untilAsserted(() -> assertThat(browser.texts(".flame-status").get(0))
                .startsWith("example.com/shop/orders.(*Cart).Add")
                .endsWith("42.5 %, 80 waits"));
        browser.type("[data-key=flame]", Keys.ENTER);

        await().untilAsserted(() -> assertThat(cells("go")).doesNotContain("sql.(*DB).QueryContext"));
        browser.type("[data-key=flame]", Keys.ESCAPE);
        await().untilAsserted(() -> assertThat(cells("go")).contains("sql.(*DB).QueryContext"));
    }

    @Test
    void findsFunctionsAndTellsTheirShare() throws Exception {
        givenTwoVersions();
        open(ADDRESS);
        browser.awaitText("Where the blocked time of orders went");

        browser.type("[data-key=search]", "querycontext");

        browser.awaitText("32.9 % of it is beneath what is found");
        assertThat(cells("hit")).containsExactly("sql.(*DB).QueryContext");
        assertThat(browser.texts(".flame-table tbody tr")).hasSize(1);
        assertThat(browser.address()).endsWith("&search=querycontext");
    }

    @Test
    void comparesTwoVersionsInColoursSignsAndWords() throws Exception {
        givenTwoVersions();

        open(COMPARED);
        browser.awaitText("What has changed in the blocked time of orders");

        assertThat(cells("less2")).contains("− orders.(*Cart).Add");
        assertThat(cells("same")).contains("sql.(*DB).QueryContext");
        assertThat(cells("more2")).contains("+ audit.Write");
        assertThat(browser.texts(".flame-table tbody tr"))
                .anyMatch(row -> row.startsWith("orders.(*Cart).Add") && row.contains("10 ms/s 300 ms/s −97 %"))
                .anyMatch(row -> row.startsWith("audit.Write") && row.contains("90 ms/s 0 ns/s new"));
    }

    @Test
    void otherSelectionsAreOneChoiceAway() throws Exception {
        givenTwoVersions();
        open(ADDRESS);
        browser.awaitText("Where the blocked time of orders went");

        browser.click("[data-key=flame-kind] option[value=cpu]");
        browser.awaitText("2.4 s of CPU time, estimated from 240 samples");
        browser.click("[data-key=flame-route] option[value=all]");
        browser.awaitText("3.4 s of CPU time");
        browser.click("[data-key=flame-against] option[value=v1]");

        browser.awaitText("What has changed in the CPU time of orders");
        assertThat(browser.address()).endsWith("&kind=cpu&route=all&against=v1");
    }

    @Test
    void whereNothingWasRecordedItSaysWhatToDo() throws Exception {
        givenProfiles(StackProfile.newBuilder(ProfileSamples.second("orders", "v1", 1, 300))
                .setEntries(List.of(ProfileSamples.entry("", "select", 10, ProfileSamples.stack("main.main"))))
                .build());
        open(ADDRESS);
        browser.awaitText("Nothing of this kind was recorded");

        browser.type("[data-key=everything]", Keys.ENTER);

        browser.awaitText("10 ms in 4 waits");
    }

    @Test
    void isReachedFromTheServiceTheRequestAndTheAnomaly() throws Exception {
        givenTwoVersions();
        server.write(TestRows.of(
                List.of(Samples.anomaly("a1", "orders", "slow_request")
                        .setPlace(new Place("main.f", "/src/main.go", 1, "", ProfileSamples.ROUTE))
                        .build()),
                List.of(),
                List.of(),
                List.of(RequestSamples.twoServices()),
                WebServer.nowMs()));
        for (String from : List.of("service/orders?namespace=shop", "request/" + RequestSamples.ID, "anomaly/a1")) {
            open("#/" + from);
            await().untilAsserted(() ->
                    assertThat(browser.texts("[data-key=flame-graph]")).hasSize(1));

            browser.type("[data-key=flame-graph]", Keys.ENTER);

            browser.awaitText("The same as a table");
        }
        browser.awaitText("there is no slice of a trace: No execution trace lies behind this anomaly");
    }

    @Test
    void namesFromTracesAreText() throws Exception {
        List<ProfileEntry> entries = List.of(ProfileSamples.entry(HOSTILE, HOSTILE, 10, ProfileSamples.stack(HOSTILE)));
        givenProfiles(StackProfile.newBuilder(ProfileSamples.second("orders", HOSTILE, 1, 300))
                .setEntries(entries)
                .build());

        open(ADDRESS);
        browser.awaitText(HOSTILE);

        assertThat(browser.run("return document.title;")).isEqualTo("Flame graph – Unpark");
        assertThat(browser.run("return document.querySelectorAll('main img').length;"))
                .isEqualTo(0L);
    }

    @Test
    void aServiceThatIsNotKnownIsAnErrorInWords() {
        open(ADDRESS);

        browser.awaitText("Nothing has come from a service 'orders'");
    }

    @ParameterizedTest
    @CsvSource({"1280, false, flame", "390, true, flame", "1280, false, flame-compared", "390, true, flame-compared"})
    void isReadableByEverybodyEverywhere(int widthPixels, boolean dark, String name) throws Exception {
        givenTwoVersions();
        browser.look(widthPixels, dark);

        open(name.equals("flame") ? ADDRESS : COMPARED);
        browser.awaitText("The same as a table");

        browser.screenshot(name + "-" + widthPixels + (dark ? "-dark" : ""));
        if (widthPixels == 1280) {
            browser.documented(name, 1_000);
        }
        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.fits()).isTrue();
    }

    private static List<String> cells(String colour) {
        return browser.texts(".flame ." + colour + " text");
    }

    /** Ten seconds each: in the second one the lock is mended, and every order is written down for the auditors. */
    private void givenTwoVersions() throws Exception {
        List<StackProfile> profiles = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            profiles.add(ProfileSamples.second("orders", "v1", i, 300));
            StackProfile mended = ProfileSamples.second("orders", "v2", 10 + i, 10);
            List<ProfileEntry> entries = new ArrayList<>(mended.getEntries());
            entries.add(ProfileSamples.entry(
                    ProfileSamples.ROUTE,
                    "chan send",
                    90,
                    ProfileSamples.stack("net/http.(*conn).serve", "example.com/shop/audit.Write")));
            profiles.add(StackProfile.newBuilder(mended).setEntries(entries).build());
        }
        givenProfiles(profiles.toArray(StackProfile[]::new));
    }

    private void givenProfiles(StackProfile... profiles) throws Exception {
        server.write(TestRows.of(
                List.of(),
                List.of(Samples.runtimeWindow("orders", 20).build()),
                List.of(),
                List.of(),
                WebServer.nowMs()));
        server.write(TestRows.ofProfiles(List.of(profiles), WebServer.nowMs()));
    }
}
