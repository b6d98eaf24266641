package io.unpark.ingest.security;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections that begin a request, or a handshake, and do not come to its end: a byte now and then keeps a connection from
 * being idle for ever, and Jetty has no limit for the whole header.
 */
final class SlowConnections extends Handler.Wrapper implements Connection.Listener {
    private static final long LOOK_EVERY_MS = 500;

    private final long headerNs;
    private final Map<Connection, Seen> connections = new ConcurrentHashMap<>();
    private volatile Scheduler scheduler;
    private volatile Scheduler.Task next;

    SlowConnections(ConnectionLimits limits) {
        this.headerNs = limits.header().toNanos();
    }

    /** What is known of one. */
    private static final class Seen {
        private final long openedNs = System.nanoTime();
        private final AtomicInteger running = new AtomicInteger();
        private volatile boolean served;
        /** Bytes read when the last request was over; what is beyond belongs to the next one. */
        private volatile long bytesBefore;
        /** When the next one was seen to have begun; 0 when it has not. */
        private volatile long beganNs;
    }

    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof SslConnection)) {
            connections.put(connection, new Seen());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        connections.remove(connection);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Connection connection = request.getConnectionMetaData().getConnection();
        Seen seen = connections.get(connection);
        if (seen != null) {
            seen.running.incrementAndGet();
            seen.served = true;
            Request.addCompletionListener(request, failure -> {
                seen.bytesBefore = connection.getBytesIn();
                seen.beganNs = 0;
                seen.running.decrementAndGet();
            });
        }
        return super.handle(request, response, callback);
    }

    private void look() {
        long now = System.nanoTime();
        connections.forEach((connection, seen) -> {
            if (isStuck(connection, seen, now)) {
                connection.getEndPoint().close(new TimeoutException("the header comes too slowly"));
            }
        });
        next = scheduler.schedule(this::look, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    private boolean isStuck(Connection connection, Seen seen, long now) {
        if (seen.running.get() > 0) {
            return false;
        }
        if (connection instanceof NegotiatingServerConnection || connection instanceof HTTP2Connection) {
            return !seen.served && now - seen.openedNs > headerNs;
        }
        if (connection.getBytesIn() <= seen.bytesBefore) {
            return false;
        }
        if (seen.beganNs == 0) {
            seen.beganNs = now;
        }
        return now - seen.beganNs > headerNs;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        scheduler = getServer().getScheduler();
        LifeCycle.start(scheduler);
        look();
    }

    @Override
    protected void doStop() throws Exception {
        Scheduler.Task task = next;
        if (task != null) {
            task.cancel();
        }
        super.doStop();
    }
}
