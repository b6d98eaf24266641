package io.unpark.analysis.instance;

import io.unpark.analysis.codec.BinaryReader;
import io.unpark.analysis.codec.BinaryWriter;
import io.unpark.analysis.model.LateWork;
import io.unpark.analysis.model.Member;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.Wait;
import java.util.TreeMap;

/** Open requests as bytes; their members by goroutine id. */
final class RequestCodec {
    private static final OpenRequest.Source[] SOURCES = OpenRequest.Source.values();

    private final StackRefs stacks;
    private final LongMap<Goroutine> goroutines;
    private final LongMap<OpenRequest> byTask;
    private final CauseCodec causes;

    RequestCodec(StackRefs stacks, LongMap<Goroutine> goroutines, LongMap<OpenRequest> byTask, CauseCodec causes) {
        this.causes = causes;
        this.stacks = stacks;
        this.goroutines = goroutines;
        this.byTask = byTask;
    }

    void write(BinaryWriter out, OpenRequest r) {
        out.writeUnsigned(r.local);
        out.writeSigned(r.mainGoroutine);
        out.writeByte(r.source.ordinal());
        out.writeSigned(r.startNs);
        out.writeBoolean(r.confirmed);
        out.writeUnsigned(r.task);
        out.writeBoolean(byTask.get(r.task) == r);
        out.writeText(r.traceId);
        out.writeText(r.spanId);
        out.writeText(r.parentSpanId);
        out.writeText(r.route);
        out.writeBoolean(r.startTruncated);
        out.writeSigned(r.endNs);
        out.writeBoolean(r.cut);
        out.writeSigned(r.headerDeadlineWallNs);
        out.writeSigned(r.contextDeadlineWallNs);
        out.writeSigned(r.expiredNs);
        out.writeBoolean(r.canceled);
        out.writeBoolean(r.expiryInferred);
        out.writeBoolean(r.clientLeft);
        out.writeBoolean(r.clientLeftInDoubt);
        out.writeBoolean(r.expirySeen);
        out.writeBoolean(r.leftUnresolved);
        out.writeBoolean(r.told);
        out.writeText(r.idLogger);
        out.writeBoolean(r.deadlineLogged);
        out.writeUnsigned(r.flushes);
        out.writeBoolean(r.changed);
        out.writeSigned(r.cpuNs);
        stacks.write(out, r.handler);
        writeSplit(out, r.split);
        out.writeUnsigned(r.waits.size());
        r.waits.forEach(w -> writeWait(out, w));
        out.writeUnsigned(r.calls.size());
        r.calls.forEach(c -> writeCall(out, c));
        out.writeUnsigned(r.late.size());
        r.late.forEach(l -> writeLate(out, l));
        out.writeUnsigned(r.members.size());
        r.members.forEach(m -> out.writeUnsigned(m.id));
        causes.write(out, r.causes);
        out.writeBoolean(r.measured);
        out.writeBoolean(r.verdict.slow());
        out.writeUnsigned(r.verdict.usualP99Ns());
        out.writeUnsigned(r.verdict.among());
        writeTasks(out, r);
        out.writeUnsigned(r.workers.size());
        r.workers.forEach(w -> writeWorker(out, w));
        out.writeUnsigned(r.membersMade);
        out.writeUnsigned(r.formerMembers.size());
        r.formerMembers.forEach(m -> {
            out.writeUnsigned(m.goroutine());
            out.writeText(m.start());
            out.writeSigned(m.cpuNs());
        });
        out.writeBoolean(r.slowest);
    }

    private static void writeTasks(BinaryWriter out, OpenRequest r) {
        out.writeBoolean(r.onlyParts);
        out.writeSigned(r.taskStartNs);
        out.writeSigned(r.taskNs);
        out.writeUnsigned(r.innerTasks.size());
        r.innerTasks.forEach(out::writeUnsigned);
    }

    private void readTasks(BinaryReader in, OpenRequest r) {
        r.onlyParts = in.readBoolean();
        r.taskStartNs = in.readSigned();
        r.taskNs = in.readSigned();
        for (int i = in.readCount(); i > 0; i--) {
            long task = in.readUnsigned();
            r.innerTasks.add(task);
            byTask.put(task, r);
        }
    }

    private void writeWorker(BinaryWriter out, Worker w) {
        Goroutine g = goroutines.get(w.goroutine);
        out.writeUnsigned(w.goroutine);
        out.writeText(w.start);
        out.writeBoolean(g != null && g.worker == w);
        out.writeBoolean(w.certain);
        out.writeSigned(w.sinceNs);
        stacks.write(out, w.home);
        out.writeUnsigned(w.regions);
        out.writeSigned(w.cpuNs);
    }

    private void readWorker(BinaryReader in, OpenRequest r) {
        long id = in.readUnsigned();
        String start = in.readText();
        boolean atWork = in.readBoolean();
        boolean certain = in.readBoolean();
        long sinceNs = in.readSigned();
        Worker worker = new Worker(r, id, start, stacks.read(in), sinceNs);
        worker.certain = certain;
        worker.regions = (int) in.readUnsigned();
        worker.cpuNs = in.readSigned();
        r.workers.add(worker);
        Goroutine g = goroutines.get(id);
        if (atWork && g != null) {
            g.worker = worker;
        }
    }

    OpenRequest read(BinaryReader in) {
        long local = in.readUnsigned();
        long main = in.readSigned();
        OpenRequest.Source source = in.readEnum(SOURCES);
        OpenRequest r = new OpenRequest(local, main, source, in.readSigned());
        r.confirmed = in.readBoolean();
        r.task = in.readUnsigned();
        if (in.readBoolean()) {
            byTask.put(r.task, r);
        }
        r.traceId = in.readText();
        r.spanId = in.readText();
        r.parentSpanId = in.readText();
        r.route = in.readText();
        r.startTruncated = in.readBoolean();
        r.endNs = in.readSigned();
        r.cut = in.readBoolean();
        r.headerDeadlineWallNs = in.readSigned();
        r.contextDeadlineWallNs = in.readSigned();
        r.expiredNs = in.readSigned();
        r.canceled = in.readBoolean();
        r.expiryInferred = in.readBoolean();
        r.clientLeft = in.readBoolean();
        r.clientLeftInDoubt = in.readBoolean();
        r.expirySeen = in.readBoolean();
        r.leftUnresolved = in.readBoolean();
        r.told = in.readBoolean();
        r.idLogger = in.readText();
        r.deadlineLogged = in.readBoolean();
        r.flushes = (int) in.readUnsigned();
        r.changed = in.readBoolean();
        r.cpuNs = in.readSigned();
        r.handler = stacks.read(in);
        readSplit(in, r.split);
        for (int i = in.readCount(); i > 0; i--) {
            r.waits.add(readWait(in));
        }
        for (int i = in.readCount(); i > 0; i--) {
            r.calls.add(readCall(in));
        }
        for (int i = in.readCount(); i > 0; i--) {
            r.late.add(readLate(in));
        }
        for (int i = in.readCount(); i > 0; i--) {
            attach(r, goroutines.get(in.readUnsigned()));
        }
        causes.read(in, r.causes);
        r.measured = in.readBoolean();
        r.verdict = new SlowVerdict(in.readBoolean(), in.readUnsigned(), in.readUnsigned());
        readTasks(in, r);
        for (int i = in.readCount(); i > 0; i--) {
            readWorker(in, r);
        }
        r.membersMade = in.readUnsigned();
        for (int i = in.readCount(); i > 0; i--) {
            r.formerMembers.add(new Member(in.readUnsigned(), in.readText(), false, true, in.readSigned()));
        }
        r.slowest = in.readBoolean();
        Goroutine mainGoroutine = goroutines.get(main);
        if (mainGoroutine != null && !r.ended()) {
            mainGoroutine.request = r;
        } else if (mainGoroutine != null && r.leftUnresolved) {
            mainGoroutine.left = r;
        }
        return r;
    }

    private static void attach(OpenRequest request, Goroutine member) {
        if (member != null) {
            member.request = request;
            request.members.add(member);
        }
    }

    private static void writeSplit(BinaryWriter out, SplitMeter split) {
        out.writeSigned(split.markNs);
        out.writeSigned(split.stwMark());
        out.writeUnsigned(split.runningNs);
        out.writeUnsigned(split.runnableNs);
        out.writeUnsigned(split.syscallNs);
        out.writeUnsigned(split.assistNs);
        out.writeUnsigned(split.stoppedNs);
        TreeMap<String, Long> blocked = split.blockedNs();
        out.writeUnsigned(blocked.size());
        blocked.forEach((reason, ns) -> {
            out.writeText(reason);
            out.writeUnsigned(ns);
        });
    }

    private static void readSplit(BinaryReader in, SplitMeter split) {
        split.restoreMarks(in.readSigned(), in.readSigned());
        split.runningNs = in.readUnsigned();
        split.runnableNs = in.readUnsigned();
        split.syscallNs = in.readUnsigned();
        split.assistNs = in.readUnsigned();
        split.stoppedNs = in.readUnsigned();
        for (int i = in.readCount(); i > 0; i--) {
            split.addBlocked(in.readText(), in.readUnsigned());
        }
    }

    private void writeWait(BinaryWriter out, Wait w) {
        out.writeUnsigned(w.goroutine());
        out.writeSigned(w.startNs());
        out.writeUnsigned(w.durationNs());
        out.writeBoolean(w.atLeast());
        out.writeText(w.reason());
        stacks.write(out, w.stack());
        out.writeSigned(w.wakerGoroutine());
        stacks.write(out, w.wakerStack());
    }

    private Wait readWait(BinaryReader in) {
        return new Wait(
                in.readUnsigned(),
                in.readSigned(),
                in.readUnsigned(),
                in.readBoolean(),
                in.readText(),
                stacks.read(in),
                in.readSigned(),
                stacks.read(in));
    }

    private void writeCall(BinaryWriter out, OutgoingCall c) {
        out.writeText(c.traceId());
        out.writeText(c.spanId());
        out.writeText(c.peer());
        out.writeText(c.route());
        out.writeSigned(c.startNs());
        out.writeSigned(c.endNs());
        out.writeSigned(c.contextDeadlineNs());
        out.writeSigned(c.headerDeadlineNs());
        out.writeBoolean(c.detached());
        out.writeText(c.error());
        stacks.write(out, c.stack());
    }

    private OutgoingCall readCall(BinaryReader in) {
        return new OutgoingCall(
                in.readText(),
                in.readText(),
                in.readText(),
                in.readText(),
                in.readSigned(),
                in.readSigned(),
                in.readSigned(),
                in.readSigned(),
                in.readBoolean(),
                in.readText(),
                stacks.read(in));
    }

    private void writeLate(BinaryWriter out, LateWork l) {
        out.writeUnsigned(l.goroutine());
        out.writeSigned(l.lateNs());
        out.writeSigned(l.cpuNs());
        out.writeBoolean(l.stillAtWork());
        stacks.write(out, l.stack());
    }

    private LateWork readLate(BinaryReader in) {
        return new LateWork(in.readUnsigned(), in.readSigned(), in.readSigned(), in.readBoolean(), stacks.read(in));
    }
}
