package io.unpark.streams;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.RouteWindow;
import io.unpark.schemas.record.RootShare;
import io.unpark.schemas.record.RouteRoot;

/** {@link RequestPath} and what is told of its roots, and their Avro records. */
final class PathMapper {
    private PathMapper() {}

    static io.unpark.schemas.record.RequestPath toAvro(RequestPath it) {
        return new io.unpark.schemas.record.RequestPath(
                it.hops().stream().map(PathMapper::toAvro).toList(),
                it.slow(),
                it.usualP99Ns(),
                it.judgedAgainst(),
                new RootShare(
                        it.share().requests(),
                        it.share().ofRequests(),
                        it.share().ns(),
                        it.share().ofNs()));
    }

    static RequestPath toDomain(io.unpark.schemas.record.RequestPath it) {
        RootShare share = it.getShare();
        return new RequestPath(
                it.getHops().stream().map(PathMapper::toDomain).toList(),
                it.getSlow(),
                it.getUsualP99Ns(),
                it.getJudgedAgainst(),
                new RequestPath.RootShare(
                        share.getRequests(), share.getOfRequests(), share.getExplainedNs(), share.getOfNs()));
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
        return new RouteRoot(it.kind().id(), it.reason(), toAvro(it.place()), it.requests(), it.ns());
    }

    private static io.unpark.schemas.record.Frame toAvro(Frame it) {
        return new io.unpark.schemas.record.Frame(it.function(), it.file(), it.line());
    }

    private static Frame toDomain(io.unpark.schemas.record.Frame it) {
        return new Frame(it.getFunction(), it.getFile(), it.getLine());
    }
}
