package main

// fourth has what the earlier ones lack, half of it correct.
func fourth() []twin {
	heap, gc, sched, stw, lock, blocked := "heap_growth", "gc_pressure", "sched_latency", "stw_pause", "mutex_contention", "blocked_too_long"
	noise := []string{gc, sched, stw}
	slow := []string{sched, "slow_request"}
	waits := []string{blocked, sched, "slow_request"}
	process := "process"
	return []twin{
		{name: "hot_shard", kind: lock, site: "main.(*shard).add", tolerated: waits, setup: shards(1), load: many(14, "/shard", 3*ms), about: "sixteen shards with a lock each, but all requests are for one key; the shard is written through to a slow disk"},
		{name: "hot_shard_ok", tolerated: waits, setup: shards(64), load: many(14, "/shard", 3*ms), about: "they are for many keys, and written later"},
		{name: "scrape_lock", kind: lock, site: "main.(*gauges).set", tolerated: waits, setup: gaugeScrapes(true), about: "twelve workers set gauges; each scrape, five a second, keeps the lock for 80 ms while it writes to its peer"},
		{name: "scrape_lock_ok", tolerated: waits, setup: gaugeScrapes(false), about: "a scrape copies them"},
		{name: "id_generator", kind: lock, site: "main.(*sequence).next", tolerated: waits, setup: sequences(true), load: many(12, "/id", 4*ms), about: "each number is taken from a block, and a new block is fetched under the lock after every fifth"},
		{name: "id_generator_ok", tolerated: waits, setup: sequences(false), load: many(12, "/id", 4*ms), about: "the next block is fetched ahead"},
		{name: "boot_lock_ok", tolerated: waits, setup: bootLock, load: many(6, "/start", 8*ms), about: "all requests of the first 70 ms wait for a lock that is taken once"},

		{name: "string_building", kind: gc, site: process, tolerated: noise, setup: stringBuilding(900), load: many(6, "/text", ms), about: "a text is put together by +=, nine hundred times a request, beside a tree"},
		{name: "string_building_ok", tolerated: noise, setup: stringBuilding(4), load: many(6, "/text", 10*ms), about: "by a builder"},
		{name: "boxed_rows", kind: gc, site: process, tolerated: noise, setup: boxedRows(true), load: many(5, "/rows", ms), about: "each value of a result is boxed, twenty thousand a request"},
		{name: "boxed_rows_ok", tolerated: noise, setup: boxedRows(false), load: many(5, "/rows", 12*ms), about: "rows are reused"},

		{name: "busy_polling", kind: sched, site: process, tolerated: noise, setup: busyPolling(5, 0), load: many(8, "/quick", 4*ms), about: "five goroutines poll memory and do not yield"},
		{name: "busy_polling_ok", tolerated: noise, setup: busyPolling(5, 5*ms), load: many(8, "/quick", 10*ms), about: "they sleep between"},
		{name: "report_swarm", kind: sched, site: process, tolerated: append(noise, blocked, "goroutine_surge"), setup: reportSwarm(24), load: many(8, "/report", 30*ms), about: "each request splits its report among twenty-four goroutines of 6 ms of CPU"},
		{name: "report_swarm_ok", tolerated: append(noise, blocked), setup: reportSwarm(1), load: many(2, "/report", 60*ms), about: "it does not, and there are few requests"},

		{name: "views_of_big", kind: heap, site: process, tolerated: noise, setup: viewsOfBig(false), load: many(5, "/view", 6*ms), about: "ten bytes of each body of 128 KB are kept, and with them the body"},
		{name: "views_of_big_ok", tolerated: noise, setup: viewsOfBig(true), load: many(5, "/view", 6*ms), about: "they are copied"},
		{name: "requests_in_context", kind: heap, site: process, tolerated: noise, setup: contextChain(true), load: many(5, "/chain", 6*ms), about: "a context is derived from the last request's, with its values, again and again"},
		{name: "requests_in_context_ok", tolerated: noise, setup: contextChain(false), load: many(5, "/chain", 6*ms), about: "from the process's"},
		{name: "rolling_window_ok", tolerated: noise, seconds: 10, setup: rollingWindow, load: many(4, "/point", 5*ms), about: "what came in the last four seconds is kept"},
		{name: "two_steps_ok", tolerated: noise, seconds: 10, setup: twoSteps, load: many(3, "/quick", 10*ms), about: "60 MB are loaded at 1 s, and 50 MB more at 5 s; otherwise little is made and dropped"},

		{name: "group_of_calls", kind: blocked, site: "main.groupOfCalls", tolerated: slow, setup: groupOfCalls, upstream: answerAfter(480 * ms), load: many(4, "/calls", 60*ms), about: "a handler waits by WaitGroup for three calls made at once, of 480 ms"},
		{name: "group_of_calls_ok", tolerated: slow, setup: groupOfCalls, upstream: answerAfter(30 * ms), load: many(4, "/calls", 60*ms), about: "of 30 ms"},
		{name: "stale_lock", kind: blocked, site: "main.fourth.staleLock", tolerated: append(slow, lock), setup: staleLock(700 * ms), load: many(3, "/stale", 50*ms), about: "a refresh keeps a lock for 700 ms again and again, and three clients wait for it"},
		{name: "stale_lock_ok", tolerated: append(slow, lock), setup: staleLock(20 * ms), load: many(3, "/stale", 50*ms), about: "for 20 ms"},
		{name: "dispatcher_answer", kind: blocked, site: "main.fourth.dispatcherAnswer", tolerated: slow, setup: dispatcherAnswer(140 * ms), load: many(5, "/ask", 30*ms), about: "one dispatcher answers all requests in turn, 140 ms each"},
		{name: "dispatcher_answer_ok", tolerated: slow, setup: dispatcherAnswer(4 * ms), load: many(5, "/ask", 30*ms), about: "4 ms each"},
		{name: "heartbeat_stream_ok", tolerated: slow, setup: heartbeatStream, load: many(4, "/beat", 100*ms), about: "a stream that sends an event or, every 700 ms, a comment"},
		{name: "metered_download_ok", tolerated: slow, setup: meteredDownload, load: many(3, "/meter", 80*ms), about: "an answer is sent in pieces, as a limiter of its own allows"},

		{name: "stacks_on_error", kind: stw, site: process, tolerated: noise, setup: stacksOnError(5000), load: many(2, "/fail", 150*ms), about: "each failing request logs the stacks of all goroutines, of which there are five thousand"},
		{name: "stacks_on_error_ok", tolerated: noise, setup: stacksOnError(0), load: many(2, "/fail", 150*ms), about: "it logs its own"},
	}
}
