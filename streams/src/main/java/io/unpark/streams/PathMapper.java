package io.unpark.streams;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.RequestPath.RootShare.Part;
import io.unpark.analysis.model.RouteWindow;
import io.unpark.schemas.record.RootShare;
import io.unpark.schemas.record.RouteRoot;

/** {@link RequestPath} and what is told of its roots, and their Avro records. */
final class PathMapper {
    private PathMapper() {}

    static io.unpark.schemas.record.RequestPath toAvro(RequestPath it) {
        return new io.unpark.schemas.record.RequestPath(
                Mapped.list(it.hops(), PathMapper::toAvro),
                it.slow(),
                it.usualP99Ns(),
                it.judgedAgainst(),
                toAvro(it.share()));
    }

    private static RootShare toAvro(RequestPath.RootShare it) {
        return new RootShare(
                it.ofRoute().requests(),
                it.ofRoute().ofRequests(),
                it.ofRoute().ns(),
                it.ofRoute().ofNs(),
                it.ofAll().requests(),
                it.ofAll().ofRequests(),
                it.ofAll().ns(),
                it.ofAll().ofNs(),
                it.routes(),
                it.peer());
    }

    private static RequestPath.RootShare toDomain(RootShare it) {
        return new RequestPath.RootShare(
                new Part(it.getRequests(), it.getOfRequests(), it.getExplainedNs(), it.getOfNs()),
                new Part(it.getAllRequests(), it.getAllOfRequests(), it.getAllExplainedNs(), it.getAllOfNs()),
                it.getRoutes(),
                it.getPeer());
    }

    static RequestPath toDomain(io.unpark.schemas.record.RequestPath it) {
        return new RequestPath(
                Mapped.list(it.getHops(), PathMapper::toDomain),
                it.getSlow(),
                it.getUsualP99Ns(),
                it.getJudgedAgainst(),
                toDomain(it.getShare()));
    }

    private static io.unpark.schemas.record.PathHop toAvro(PathHop it) {
        return new io.unpark.schemas.record.PathHop(
                it.parent(),
                it.kind().id(),
                it.reason(),
                it.goroutine(),
                it.otherRoute(),
                it.otherRequest(),
                it.span(),
                toAvro(it.at()),
                toAvro(it.line()),
                toAvro(it.wokenAt()),
                it.startNs(),
                it.ns(),
                it.count(),
                it.partial());
    }

    private static PathHop toDomain(io.unpark.schemas.record.PathHop it) {
        return new PathHop(
                it.getParent(),
                HopKind.of(it.getKind()),
                it.getReason(),
                it.getGoroutine(),
                it.getOtherRoute(),
                it.getOtherRequest(),
                it.getSpan(),
                toDomain(it.getAt()),
                toDomain(it.getLine()),
                toDomain(it.getWokenAt()),
                it.getStartNs(),
                it.getOwnNs(),
                it.getCount(),
                it.getPartial());
    }

    static RouteRoot toAvro(RouteWindow.Root it) {
        return new RouteRoot(it.kind().id(), it.reason(), toAvro(it.place()), it.requests(), it.ns(), it.peer());
    }

    private static io.unpark.schemas.record.Frame toAvro(Frame it) {
        return new io.unpark.schemas.record.Frame(it.function(), it.file(), it.line());
    }

    private static Frame toDomain(io.unpark.schemas.record.Frame it) {
        return new Frame(it.getFunction(), it.getFile(), it.getLine());
    }
}
