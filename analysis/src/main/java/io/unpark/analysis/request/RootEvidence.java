package io.unpark.analysis.request;

import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.RequestPath.RootShare;

/**
 * What a request's root explains of others: of its route, and of all routes of its instance, in the same generation. Of a root in
 * another service it is the call to it.
 */
public final class RootEvidence {
    private RootEvidence() {}

    /** Adds {@code shared_*}; nothing when it is not known. */
    public static void addTo(Evidence.Builder evidence, RequestPath path) {
        RootShare share = path.share();
        if (share.ofRoute().ofRequests() == 0) {
            return;
        }
        evidence.put("shared_line", path.placeOf(path.root()).display())
                .put("shared_by_requests", share.ofRoute().requests())
                .put("shared_of_requests", share.ofRoute().ofRequests())
                .put("shared_route_time_permille", share.ofRoute().timePermille())
                .put("shared_routes", share.routes())
                .put("shared_by_requests_of_all_routes", share.ofAll().requests())
                .put("shared_of_requests_of_all_routes", share.ofAll().ofRequests())
                .put("shared_time_of_all_routes_permille", share.ofAll().timePermille());
        if (!share.peer().isEmpty()) {
            evidence.put("shared_peer", share.peer());
        }
    }

    /** As the end of a sentence, " This root …"; "" when no other request has the root. */
    public static String sentence(RequestPath path) {
        RootShare.Part route = path.share().ofRoute();
        if (route.requests() < 2 && path.share().ofAll().requests() < 2) {
            return "";
        }
        String what = path.share().peer().isEmpty()
                ? "The same root"
                : "The call to " + path.share().peer();
        if (path.share().routes() < 2) {
            return " " + what + " explains " + part(route, "of the route's") + " in that second.";
        }
        return " " + what + " explains " + part(path.share().ofAll(), "of all") + " in that second, on "
                + path.share().routes() + " routes.";
    }

    private static String part(RootShare.Part part, String whose) {
        return part.requests() + " of " + part.ofRequests() + " requests and " + part.timePermille() / 10 + " % "
                + whose + " time";
    }
}
