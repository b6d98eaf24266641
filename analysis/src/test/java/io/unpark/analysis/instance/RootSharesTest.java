package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.DeadlineSigns;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.RequestPath.RootShare;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.RouteWindow;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.analysis.request.RootEvidence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What many requests have in common. */
class RootSharesTest {
    private static final long MS = 1_000_000L;
    private static final Frame HERE = new Frame("main.handle", "/src/main.go", 7);
    private static int next;

    /** One of 100 ms, 80 of which at a line, in a call or not. */
    private static RequestSegment request(String route, String function, String peer) {
        Frame line = new Frame(function, "/src/main.go", 30);
        String span = peer.isEmpty() ? "" : "b0";
        List<PathHop> hops =
                List.of(hop(HopKind.RUNNING, "", "", HERE, 20), hop(HopKind.WAITING, "select", span, line, 80));
        List<OutgoingCall> calls = peer.isEmpty()
                ? List.of()
                : List.of(new OutgoingCall("", span, peer, "GET /", 1, 2, 0, 0, false, "", Stack.EMPTY));
        return new RequestSegment(
                "r" + next++,
                "a",
                "",
                1,
                Samples.instance("orders-1"),
                "",
                route,
                7,
                0,
                100 * MS,
                false,
                false,
                Confidence.CERTAIN,
                Stack.EMPTY,
                0,
                0,
                0,
                false,
                0,
                TimeSplit.ZERO,
                List.of(),
                calls,
                List.of(),
                List.of(),
                DeadlineSigns.NONE,
                new RequestPath(hops, true, 0, 0, RootShare.NONE));
    }

    private static PathHop hop(HopKind kind, String reason, String span, Frame line, long ms) {
        return new PathHop(-1, kind, reason, 7, "", "", span, line, line, PathHop.NOWHERE, 0, ms * MS, 1, false);
    }

    @Test
    void aFunctionThatManyRoutesEndInIsOneRoot() {
        // Given
        RequestSegment asked = request("GET /a", "main.(*store).load", "");
        List<RequestSegment> ended = new ArrayList<>(List.of(
                asked,
                request("GET /a", "main.(*store).load", ""),
                request("GET /a", "main.other", ""),
                request("GET /b", "main.(*store).load", "")));
        Collections.shuffle(ended);
        // When
        RootShare share = new RootShares(ended).shared(asked).path().share();
        // Then
        assertThat(share.ofRoute()).isEqualTo(new RootShare.Part(2, 3, 160 * MS, 300 * MS));
        assertThat(share.ofAll()).isEqualTo(new RootShare.Part(3, 4, 240 * MS, 400 * MS));
        assertThat(share.routes()).isEqualTo(2);
        assertThat(RootEvidence.sentence(asked.path().with(share)))
                .isEqualTo(" The same root explains 3 of 4 requests and 60 % of all time in that second, on 2 routes.");
    }

    @Test
    void oneSlowServiceIsOneRootWhoeverCallsIt() {
        // Given
        RequestSegment asked = request("GET /a", "main.callA", "stock:80");
        RootShares shares = new RootShares(List.of(
                asked, request("GET /b", "main.callB", "stock:80"), request("GET /b", "main.callB", "price:80")));
        // When
        RootShare share = shares.shared(asked).path().share();
        // Then
        assertThat(share.peer()).isEqualTo("stock:80");
        assertThat(share.ofAll()).isEqualTo(new RootShare.Part(2, 3, 160 * MS, 300 * MS));
        assertThat(shares.of("GET /b"))
                .extracting(RouteWindow.Root::peer)
                .containsExactlyInAnyOrder("stock:80", "price:80");
    }

    @Test
    void whatNobodyElseHasIsNotMadeASentenceOf() {
        // Given
        RequestSegment asked = request("GET /a", "main.callA", "");
        // When
        RequestSegment shared = new RootShares(List.of(asked)).shared(asked);
        // Then
        assertThat(RootEvidence.sentence(shared.path())).isEmpty();
    }
}
