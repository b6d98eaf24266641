package io.unpark.sink.consume;

import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.OutgoingCall;
import io.unpark.schemas.record.RequestSegment;
import io.unpark.schemas.record.RequestTrace;
import io.unpark.sink.store.PeerSeen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whom the calls of a request reached. */
final class PeerRows {
    private PeerRows() {}

    static List<PeerSeen> of(RequestTrace request, long arrivedMs) {
        Map<String, Instance> callees = new HashMap<>();
        for (RequestSegment segment : request.getSegments()) {
            if (!segment.getParentSpanId().isEmpty()) {
                callees.put(segment.getParentSpanId(), segment.getInstance());
            }
        }
        List<PeerSeen> peers = new ArrayList<>();
        for (RequestSegment segment : request.getSegments()) {
            for (OutgoingCall call : segment.getCalls()) {
                Instance callee = call.getSpanId().isEmpty() ? null : callees.get(call.getSpanId());
                if (callee != null && !call.getPeer().isEmpty() && fits(segment.getInstance(), call, callee)) {
                    peers.add(seen(segment.getInstance(), call, callee, arrivedMs));
                }
            }
        }
        return peers;
    }

    private static boolean fits(Instance caller, OutgoingCall call, Instance callee) {
        try {
            for (String text : List.of(call.getPeer(), call.getRoute())) {
                TextLimits.name("call", text);
            }
            for (Instance instance : List.of(caller, callee)) {
                TextLimits.name("namespace", instance.getNamespace());
                TextLimits.name("service", instance.getService());
            }
            return true;
        } catch (BadRecordException e) {
            // Only the graph would use it: no reason to refuse the request.
            return false;
        }
    }

    private static PeerSeen seen(Instance caller, OutgoingCall call, Instance callee, long arrivedMs) {
        return new PeerSeen(
                RowIds.of(List.of(caller.getNamespace(), caller.getService(), call.getPeer(), call.getRoute())),
                caller.getNamespace(),
                caller.getService(),
                call.getPeer(),
                call.getRoute(),
                callee.getNamespace(),
                callee.getService(),
                arrivedMs);
    }
}
