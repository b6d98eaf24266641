package main

import "time"

// third has flavours that the first two batches lack, and a correct twin of each.
func third() []twin {
	heap, gc, sched, stw, lock, blocked := "heap_growth", "gc_pressure", "sched_latency", "stw_pause", "mutex_contention", "blocked_too_long"
	noise := []string{gc, sched, stw}
	slow := []string{sched, "slow_request"}
	waits := []string{blocked, sched}
	process := "process"
	return []twin{
		{name: "lru_touch", kind: lock, site: "main.(*lru).get", tolerated: waits, setup: lruCache(6 * ms), load: many(14, "/entry", 4*ms), about: "each look-up moves the entry under the cache's one lock and reads it from a slow store meanwhile"},
		{name: "lru_touch_ok", tolerated: slow, setup: lruCache(0), load: many(14, "/entry", 4*ms), about: "the store is read before the lock is taken"},
		{name: "locked_writer", kind: lock, site: "main.(*auditLog).write", tolerated: waits, setup: auditLogs(4 * ms), load: many(16, "/audit", 3*ms), about: "every request writes two lines to a slow sink under one lock"},
		{name: "locked_writer_ok", tolerated: slow, setup: auditLogs(0), load: many(16, "/audit", 3*ms), about: "the lines go to a buffer"},
		{name: "scan_holds_read", kind: lock, site: "main.(*registry).put", tolerated: waits, setup: registryScans(true), load: many(10, "/put", 4*ms), about: "a scan that takes 90 ms holds the read lock all the time; those who write wait for it"},
		{name: "scan_holds_read_ok", tolerated: slow, setup: registryScans(false), load: many(10, "/put", 4*ms), about: "the scan copies first"},
		{name: "backup_lock_ok", tolerated: append(slow, blocked), setup: backupLock, load: many(5, "/item", 20*ms), about: "a backup holds the lock for 60 ms every two seconds"},

		{name: "pointer_answers", kind: gc, site: process, tolerated: noise, setup: pointerAnswers(6000), load: many(6, "/list", ms), about: "each answer is built of six thousand small objects beside a big tree"},
		{name: "pointer_answers_ok", tolerated: noise, setup: pointerAnswers(20), load: many(6, "/list", 10*ms), about: "of twenty"},
		{name: "limit_too_low", kind: gc, site: process, tolerated: noise, setup: limitTooLow(true), load: many(4, "/alloc", 2*ms), about: "the memory limit lies just above what is live"},
		{name: "limit_high_ok", tolerated: noise, setup: limitTooLow(false), load: many(4, "/alloc", 12*ms), about: "it lies far above"},
		{name: "forced_by_request", kind: gc, site: process, tolerated: noise, setup: forcedByRequest(true), load: many(4, "/free", 30*ms), about: "each request ends with a forced collection of a big tree"},
		{name: "forced_by_request_ok", tolerated: noise, setup: forcedByRequest(false), load: many(4, "/free", 30*ms), about: "none does"},

		{name: "sorting_jobs", kind: sched, site: process, tolerated: noise, setup: sortingJobs(7), load: many(8, "/quick", 4*ms), about: "seven jobs sort without a pause on two Ps"},
		{name: "sorting_jobs_ok", tolerated: noise, setup: sortingJobs(1), load: many(4, "/quick", 20*ms), about: "one does, with pauses"},
		{name: "checksum_requests", kind: sched, site: process, tolerated: append(noise, blocked), setup: compress(35 * ms), load: many(14, "/zip", 8*ms), about: "fourteen clients have a checksum made of 35 ms each"},
		{name: "checksum_requests_ok", tolerated: append(noise, blocked), setup: compress(300 * time.Microsecond), load: many(6, "/zip", 20*ms), about: "of 0.3 ms, less often"},

		{name: "label_explosion", kind: heap, site: process, tolerated: noise, setup: labelSeries(1 << 30), load: many(6, "/count", 4*ms), about: "a metric has a series for each request's id"},
		{name: "label_explosion_ok", tolerated: noise, setup: labelSeries(40), load: many(6, "/count", 4*ms), about: "it has forty"},
		{name: "listeners_kept", kind: heap, site: process, tolerated: noise, seconds: 10, setup: listenersKept(false), load: many(5, "/listen", 6*ms), about: "each request adds a listener with a buffer to a list and does not remove it"},
		{name: "listeners_kept_ok", tolerated: noise, seconds: 10, setup: listenersKept(true), load: many(5, "/listen", 6*ms), about: "it does"},
		{name: "late_plateau_ok", tolerated: noise, seconds: 10, setup: plateauCache(130 << 20), load: many(6, "/keep", 5*ms), about: "a cache grows to 130 MB in the first seven seconds or so, and is full then"},
		{name: "day_and_night_ok", tolerated: noise, seconds: 12, setup: wave, about: "what is live swings between 20 and 140 MB, up for 4 s and down for 2 s"},
		{name: "index_rebuilt_ok", tolerated: noise, seconds: 10, setup: indexRebuilt, load: many(3, "/find", 10*ms), about: "an index of 90 MB is built anew every 3 s beside the one in use"},

		{name: "raw_upstream", kind: blocked, site: "main.(*lineClient).ask", tolerated: slow, setup: rawUpstream(620 * ms), load: many(4, "/raw", 60*ms), about: "a handler reads an answer that takes 620 ms from a connection of its own"},
		{name: "raw_upstream_ok", tolerated: slow, setup: rawUpstream(25 * ms), load: many(4, "/raw", 60*ms), about: "it takes 25 ms"},
		{name: "slot_wait", kind: blocked, site: "main.slotWait", tolerated: append(slow, lock), setup: slotWait(2), load: many(9, "/resize", 10*ms), about: "nine clients share two slots of work that takes 85 ms"},
		{name: "slot_wait_ok", tolerated: append(slow, lock), setup: slotWait(12), load: many(9, "/resize", 10*ms), about: "twelve slots"},
		{name: "barrier_wait", kind: blocked, site: "main.bulkWait", tolerated: slow, setup: bulkWait(520 * ms), load: many(4, "/bulk", 40*ms), about: "a handler waits until its part of a bulk write is done, 520 ms later"},
		{name: "barrier_wait_ok", tolerated: slow, setup: bulkWait(15 * ms), load: many(4, "/bulk", 40*ms), about: "15 ms later"},
		{name: "watch_events_ok", tolerated: slow, setup: watchEvents, load: many(5, "/watch", 200*ms), about: "a watch that says hello and is then told of a change every 600 ms"},
		{name: "paced_export_ok", tolerated: slow, setup: pacedExport, load: many(3, "/export", 100*ms), about: "a handler writes a page, waits for its ticker of 300 ms, and writes the next, six times"},

		{name: "heap_dumps", kind: stw, site: process, tolerated: noise, setup: heapDumps(true), load: many(4, "/quick", 10*ms), about: "a heap dump is written every second"},
		{name: "heap_profiles_ok", tolerated: noise, setup: heapDumps(false), load: many(4, "/quick", 10*ms), about: "a heap profile is"},
		{name: "procs_tuner", kind: stw, site: process, tolerated: noise, setup: procsTuner(60 * ms), load: many(4, "/quick", 10*ms), about: "a tuner sets GOMAXPROCS anew every 60 ms beside copies of 300 MB"},
		{name: "procs_tuner_ok", tolerated: noise, setup: procsTuner(time.Second), load: many(4, "/quick", 10*ms), about: "once a second, without such copies"},
		{name: "goroutine_profiles_ok", tolerated: noise, setup: goroutineProfiles, load: many(4, "/quick", 10*ms), about: "a goroutine profile of a thousand goroutines every 700 ms"},
	}
}
