package app

import (
	"time"
)

func secondFine() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "refresh_ahead", Setup: refreshAhead, Load: getEvery("/quote2", 70*ms),
			About: "stale answers at once; refreshers join a single flight whose leader takes 2.5 s"},
		{Name: "reserve_queue", Setup: reserveQueue, Load: getEvery("/email", 90*ms),
			About: "tasks reserve a place in a limiter and wait for it by timer, up to 5 s, after their request is over"},
		{Name: "quiet_topics", Late: true, Setup: quietTopics, Load: livingFeeds,
			About: "event streams with a forwarding goroutine each; the topics say nothing for the whole recording; clients stay"},
		{Name: "ws_pings", Late: true, Setup: wsPings, Load: livingConns,
			About: "websockets with a reader, a writer and a ping ticker; clients keep coming and stay"},
		{Name: "session_ttl", Setup: sessionTTL, Load: getEvery("/login", 110*ms),
			About: "each login starts a session goroutine that ticks every 400 ms and ends after 3 s"},
		{Name: "actors_reaped", Late: true, Setup: actorsReaped, Load: keysInTurn,
			About: "an actor for each key ends after 2 s without a message"},
		{Name: "autoscaled", Late: true, Setup: autoscaled, Load: rampUp,
			About: "a pool grows by one worker whenever its queue is long, through the whole recording; idle workers wait"},
		{Name: "drain_slow", Setup: drainSlow, Load: getEvery("/order2", 50*ms),
			About: "at 2 s a component is drained: ten flushers wait for acknowledgements that take up to 6 s in all"},
		{Name: "delayed_flush", Setup: delayedFlush, Load: getEvery("/buffer", 80*ms),
			About: "each request starts a goroutine that flushes after 2.8 s or when told to"},
		{Name: "group_parallel", Setup: groupParallel, Load: slowGets("/merge2", 4*time.Second, 250*ms),
			About: "requests of 3 s wait for four parallel parts by WaitGroup"},
		{Name: "weighted_queue", Setup: weightedQueue, Load: getEvery("/convert", 120*ms),
			About: "conversions started by requests queue for a weighted semaphore; three at a time, 700 ms each"},
		{Name: "cond_fleet", Late: true, Setup: condFleet, Load: getEvery("/enqueue", 400*ms),
			About: "twenty-four consumers on a condition are woken one at a time, twice a second"},
		{Name: "lazy_shards", Late: true, Setup: lazyShards, Load: shardsInTurn,
			About: "shard workers are started by the first request for a shard and then wait for rare jobs for ever"},
		{Name: "sql_watchers", Late: true, Setup: sqlWatchers, Upstream: echoFrames, Load: rampQueries,
			About: "an sql-like pool opens connections as load grows; each has a watcher that waits for contexts to watch"},
		{Name: "boot_waiters", Late: true, Setup: bootWaiters,
			About: "signal handlers, shutdown waiters and a done channel per component, started at boot one after the other"},
		{Name: "cron_entries", Late: true, Setup: cronEntries,
			About: "twenty cron entries wait on timers between a second and an hour"},
		{Name: "rebalanced", Setup: rebalanced,
			About: "partitions are assigned at 1.2 s, revoked and assigned anew at 2.6 s; their consumers wait for rare messages"},
		{Name: "tar_stream", Setup: tarStream, Load: slowGets("/tar", 12*time.Second, 700*ms),
			About: "archives are piped to clients that read 4 KB every 300 ms"},
		{Name: "encode_jobs", Setup: encodeJobs, Load: firstGets("/encode", 5),
			About: "five requests start jobs of 9 s, each with two workers and a parent that waits for them"},
		{Name: "snapshot_rlock", Setup: snapshotRLock, Load: getEvery("/put2", 60*ms),
			About: "a snapshot holds the read lock for 1.8 s again and again; writers started by requests wait for it"},
		{Name: "standby_lock", Late: true, Setup: standbyLock,
			About: "three components want a leader lock made of a channel of one; two stand by for the process's life"},
		{Name: "back_pressure", Setup: backPressure,
			About: "four producers fill a bounded queue; its consumer takes an item every 1.1 s"},
		{Name: "watch_streams", Late: true, Setup: watchStreams, Upstream: rareEvents,
			About: "eight watches read response bodies for as long as the process lives; an event every few seconds"},
		{Name: "mux_streams", Setup: muxStreams, Upstream: openingStreams,
			About: "a multiplexed connection on which a stream is opened every 300 ms, with a goroutine that waits for its frames"},
		{Name: "commit_acks", Setup: commitAcks, Load: getEvery("/commit", 90*ms),
			About: "a goroutine per commit waits 2.2 s for its acknowledgement"},
		{Name: "loader_entries", Setup: loaderEntries, Load: getEvery("/entry2", 100*ms),
			About: "readers of a key wait for its entry to be loaded, 2 to 3 s"},
		{Name: "otp_expiry", Setup: otpExpiry, Load: otpLoad,
			About: "one-time passwords expire after 9 s; one in three is used within the second and ends its goroutine"},
		{Name: "slow_job_reporter", Setup: slowJobReporter, Load: firstGets("/job2", 12),
			About: "a request starts a job of 7 s and a goroutine that waits for its end; twelve of them, one after the other"},
	}
}

func slowGets(path string, patience, period time.Duration) func(*Client) {
	return func(c *Client) { c.Every(period, func(int) { c.GetFor(path, patience) }) }
}
