package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
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

func refreshAhead(e *Env) {
	var mu sync.Mutex
	var flight *sync.WaitGroup
	refresh := func() {
		mu.Lock()
		if f := flight; f != nil {
			mu.Unlock()
			f.Wait()
			return
		}
		f := &sync.WaitGroup{}
		f.Add(1)
		flight = f
		mu.Unlock()
		time.Sleep(2500 * time.Millisecond)
		mu.Lock()
		flight = nil
		mu.Unlock()
		f.Done()
	}
	e.Handle("/quote2", func(*http.Request) string { go refresh(); return "stale" })
}

type reservations struct {
	mu   sync.Mutex
	next time.Time
}

func (l *reservations) wait(ctx context.Context) bool {
	l.mu.Lock()
	now := time.Now()
	if l.next.Before(now) {
		l.next = now
	}
	at := l.next
	l.next = at.Add(160 * time.Millisecond)
	l.mu.Unlock()
	t := time.NewTimer(time.Until(at))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func reserveQueue(e *Env) {
	l := &reservations{}
	e.Handle("/email", func(*http.Request) string {
		go func() {
			if l.wait(e.Ctx) {
				spin(2)
			}
		}()
		return "queued"
	})
}

func quietTopics(e *Env) {
	e.Mux.HandleFunc("/feed", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "hello\n")
		w.(http.Flusher).Flush()
		topic, out := make(chan string), make(chan string)
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		go forwardTopic(ctx, topic, out)
		select {
		case m := <-out:
			io.WriteString(w, m)
		case <-r.Context().Done():
		case <-e.Ctx.Done():
		}
	})
}

func forwardTopic(ctx context.Context, topic <-chan string, out chan<- string) {
	select {
	case m := <-topic:
		out <- m
	case <-ctx.Done():
	}
}

func livingFeeds(c *Client) {
	c.Every(180*time.Millisecond, func(i int) {
		if i < 26 {
			c.GetFor("/feed", 30*time.Second)
		} else {
			c.Get("/ping")
		}
	})
}

type chatConn struct {
	conn net.Conn
	send chan string
}

func (c *chatConn) write() {
	for m := range c.send {
		fmt.Fprintln(c.conn, m)
	}
}

func (c *chatConn) keepAlive(done <-chan struct{}) {
	t := time.NewTicker(350 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			fmt.Fprintln(c.conn, "ping")
		case <-done:
			return
		}
	}
}

func wsPings(e *Env) {
	e.Mux.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		conn, ok := hijack(w)
		if !ok {
			return
		}
		e.OnStop(func() { conn.Close() })
		c := &chatConn{conn, make(chan string, 4)}
		done := make(chan struct{})
		go c.write()
		go c.keepAlive(done)
		in := bufio.NewScanner(conn)
		for in.Scan() {
			c.send <- in.Text()
		}
		close(done)
		close(c.send)
	})
}

func keepSession(ctx context.Context, id int) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	t := time.NewTicker(400 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			spin(id)
		case <-ctx.Done():
			return
		}
	}
}

func sessionTTL(e *Env) {
	e.Handle("/login", func(*http.Request) string { go keepSession(e.Ctx, 1); return "in" })
}

type reapedActor struct{ inbox chan int }

func (a *reapedActor) loop(ctx context.Context, gone func()) {
	defer gone()
	for {
		select {
		case m := <-a.inbox:
			spin(m)
		case <-time.After(2 * time.Second):
			return
		case <-ctx.Done():
			return
		}
	}
}

func actorsReaped(e *Env) {
	var mu sync.Mutex
	actors := map[string]*reapedActor{}
	e.Handle("/say", func(r *http.Request) string {
		key := r.FormValue("key")
		mu.Lock()
		defer mu.Unlock()
		a := actors[key]
		if a == nil {
			a = &reapedActor{make(chan int, 8)}
			actors[key] = a
			go a.loop(e.Ctx, func() { mu.Lock(); delete(actors, key); mu.Unlock() })
		}
		a.inbox <- 1
		return key
	})
}

func keysInTurn(c *Client) {
	c.Every(80*time.Millisecond, func(i int) { c.Get(fmt.Sprintf("/say?key=%d", i/2)) })
}

func autoscaled(e *Env) {
	jobs := make(chan int, 100)
	worker := func() {
		for j := range jobs {
			time.Sleep(40 * time.Millisecond)
			spin(j)
		}
	}
	e.OnStop(func() { close(jobs) })
	go func() {
		for n := 0; n < 40 && pause(e.Ctx, 100*time.Millisecond); {
			if len(jobs) > 4 {
				n++
				go worker()
			}
		}
	}()
	e.Handle("/crunch", func(*http.Request) string { jobs <- 1; return "queued" })
}

// rampUp sends bursts that grow, two a second.
func rampUp(c *Client) {
	c.Every(500*time.Millisecond, func(i int) {
		var wg sync.WaitGroup
		for range 6 + 3*i {
			wg.Go(func() { c.Get("/crunch") })
		}
		wg.Wait()
	})
}

func drainSlow(e *Env) {
	type flusher struct{ acked chan struct{} }
	var all []*flusher
	for range 10 {
		all = append(all, &flusher{make(chan struct{})})
	}
	go func() {
		if !pause(e.Ctx, 2*time.Second) {
			return
		}
		var wg sync.WaitGroup
		for _, f := range all {
			wg.Go(func() { <-f.acked })
		}
		go func() {
			for _, f := range all {
				time.Sleep(600 * time.Millisecond)
				close(f.acked)
			}
		}()
		wg.Wait()
	}()
	e.Handle("/order2", func(*http.Request) string { return "taken" })
}

func delayedFlush(e *Env) {
	flush := make(chan struct{})
	e.Handle("/buffer", func(*http.Request) string {
		go func() {
			t := time.NewTimer(2800 * time.Millisecond)
			defer t.Stop()
			select {
			case <-t.C:
			case <-flush:
			case <-e.Ctx.Done():
			}
			spin(1)
		}()
		return "buffered"
	})
}

func groupParallel(e *Env) {
	e.Handle("/merge2", func(r *http.Request) string {
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() { pause(r.Context(), time.Duration(600+800*i)*time.Millisecond) })
		}
		wg.Wait()
		return "merged"
	})
}

func slowGets(path string, patience, period time.Duration) func(*Client) {
	return func(c *Client) { c.Every(period, func(int) { c.GetFor(path, patience) }) }
}

type weighted struct {
	mu      sync.Mutex
	free    int
	waiters []chan struct{}
}

func (s *weighted) acquire() {
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		s.mu.Unlock()
		return
	}
	ready := make(chan struct{})
	s.waiters = append(s.waiters, ready)
	s.mu.Unlock()
	<-ready
}

func (s *weighted) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiters) > 0 {
		close(s.waiters[0])
		s.waiters = s.waiters[1:]
		return
	}
	s.free++
}

func weightedQueue(e *Env) {
	s := &weighted{free: 3}
	e.Handle("/convert", func(*http.Request) string {
		go func() {
			s.acquire()
			defer s.release()
			time.Sleep(700 * time.Millisecond)
		}()
		return "converting"
	})
}

func condFleet(e *Env) {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	queue, stopped := 0, false
	for range 24 {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			for {
				for queue == 0 && !stopped {
					cond.Wait()
				}
				if stopped {
					return
				}
				queue--
				spin(2)
			}
		}()
	}
	e.OnStop(func() { mu.Lock(); stopped = true; mu.Unlock(); cond.Broadcast() })
	e.Handle("/enqueue", func(*http.Request) string {
		mu.Lock()
		queue++
		mu.Unlock()
		cond.Signal()
		return "queued"
	})
}

func lazyShards(e *Env) {
	var mu sync.Mutex
	shards := map[string]chan int{}
	e.Handle("/shard", func(r *http.Request) string {
		key := r.FormValue("key")
		mu.Lock()
		ch := shards[key]
		if ch == nil {
			ch = make(chan int, 4)
			shards[key] = ch
			e.OnStop(func() { close(ch) })
			go func() {
				for n := range ch {
					spin(n)
				}
			}()
		}
		mu.Unlock()
		ch <- 1
		return key
	})
}

// shardsInTurn meets a new shard every 400 ms, and an old one now and then.
func shardsInTurn(c *Client) {
	c.Every(200*time.Millisecond, func(i int) {
		if i%2 == 0 && i < 24 {
			c.Get(fmt.Sprintf("/shard?key=%d", i/2))
		} else if i%6 == 1 {
			c.Get(fmt.Sprintf("/shard?key=%d", i/12))
		} else {
			c.Get("/ping")
		}
	})
}

type sqlConn struct {
	conn    net.Conn
	watch   chan context.Context
	done    chan struct{}
	closing chan struct{}
}

// watcher is what database drivers start for each connection.
func (c *sqlConn) watcher() {
	for {
		var ctx context.Context
		select {
		case ctx = <-c.watch:
		case <-c.closing:
			return
		}
		select {
		case <-ctx.Done():
		case <-c.done:
		case <-c.closing:
			return
		}
	}
}

func (c *sqlConn) query(ctx context.Context) {
	c.watch <- ctx
	writeFrame(c.conn, 5)
	readFrame(c.conn)
	c.done <- struct{}{}
}

func sqlWatchers(e *Env) {
	free := make(chan *sqlConn, 64)
	closing := make(chan struct{})
	e.OnStop(func() { close(closing) })
	e.Handle("/sql", func(r *http.Request) string {
		var c *sqlConn
		select {
		case c = <-free:
		default:
			c = &sqlConn{e.dial(), make(chan context.Context, 1), make(chan struct{}), closing}
			go c.watcher()
		}
		c.query(r.Context())
		time.Sleep(20 * time.Millisecond)
		free <- c
		return "row"
	})
}

// rampQueries asks in bursts that grow until 3 s, and for one row at a time later.
func rampQueries(c *Client) {
	c.Every(300*time.Millisecond, func(i int) {
		n := 1
		if i < 10 {
			n = 1 + i
		}
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() { c.Get("/sql") })
		}
		wg.Wait()
	})
}

func bootWaiters(e *Env) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	e.OnStop(func() { signal.Stop(hup); close(hup) })
	go func() {
		for range hup {
			spin(1)
		}
	}()
	for i := range 9 {
		done := make(chan struct{})
		e.OnStop(func() { close(done) })
		go awaitComponent(e.Ctx, done)
		time.Sleep(time.Duration(20+i) * time.Millisecond)
	}
}

func awaitComponent(ctx context.Context, done <-chan struct{}) {
	<-ctx.Done()
	<-done
}

func cronEntries(e *Env) {
	for i := range 20 {
		go func() {
			every := []time.Duration{time.Second, 4 * time.Second, time.Minute, time.Hour}[i%4]
			for pause(e.Ctx, every) {
				spin(1)
			}
		}()
	}
}

func consumePartition(ctx context.Context, messages <-chan int) {
	for {
		select {
		case m := <-messages:
			spin(m)
		case <-ctx.Done():
			return
		}
	}
}

func rebalanced(e *Env) {
	go func() {
		if !pause(e.Ctx, 1200*time.Millisecond) {
			return
		}
		ctx, revoke := context.WithCancel(e.Ctx)
		for range 16 {
			go consumePartition(ctx, make(chan int))
		}
		pause(e.Ctx, 1400*time.Millisecond)
		revoke()
		rare := make(chan int)
		for i := range 16 {
			ch := make(chan int)
			if i == 3 {
				ch = rare
			}
			go consumePartition(e.Ctx, ch)
		}
		for pause(e.Ctx, 900*time.Millisecond) {
			rare <- 1
		}
	}()
}

func tarStream(e *Env) {
	e.Mux.HandleFunc("/tar", func(w http.ResponseWriter, r *http.Request) {
		pr, pw := io.Pipe()
		go func() {
			block := make([]byte, 32<<10)
			for range 4 {
				if _, err := pw.Write(block); err != nil {
					return
				}
			}
			pw.Close()
		}()
		defer pr.Close()
		buf := make([]byte, 4<<10)
		for pause(r.Context(), 300*time.Millisecond) {
			n, err := pr.Read(buf)
			w.Write(buf[:n])
			if err != nil {
				return
			}
		}
	})
}

// firstGets asks n times, 300 ms apart.
func firstGets(path string, n int) func(*Client) {
	return func(c *Client) {
		c.Every(300*time.Millisecond, func(i int) {
			if i < n {
				c.Get(path)
			} else {
				c.Get("/ping")
			}
		})
	}
}

func encodeJobs(e *Env) {
	e.Handle("/encode", func(*http.Request) string {
		go func() {
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() {
					for range 90 {
						time.Sleep(100 * time.Millisecond)
						spin(20)
					}
				})
			}
			wg.Wait()
		}()
		return "started"
	})
}

func snapshotRLock(e *Env) {
	var mu sync.RWMutex
	go func() {
		for pause(e.Ctx, 100*time.Millisecond) {
			mu.RLock()
			time.Sleep(1800 * time.Millisecond)
			mu.RUnlock()
		}
	}()
	e.Handle("/put2", func(*http.Request) string {
		go func() {
			mu.Lock()
			defer mu.Unlock()
			spin(1)
		}()
		return "will be put"
	})
}

func lead(e *Env, lock chan struct{}) {
	select {
	case lock <- struct{}{}:
	case <-e.Ctx.Done():
		return
	}
	defer func() { <-lock }()
	for pause(e.Ctx, 300*time.Millisecond) {
		spin(1)
	}
}

func standbyLock(e *Env) {
	lock := make(chan struct{}, 1)
	for range 3 {
		go lead(e, lock)
	}
}

func backPressure(e *Env) {
	queue := make(chan int, 2)
	stop := make(chan struct{})
	e.OnStop(func() { close(stop) })
	for i := range 4 {
		go func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				queue <- i
			}
		}()
	}
	go func() {
		for {
			pause(e.Ctx, 1100*time.Millisecond)
			select {
			case n := <-queue:
				spin(n)
			case <-stop:
				time.Sleep(50 * time.Millisecond)
				for len(queue) > 0 {
					<-queue
				}
				return
			}
		}
	}()
}

func watchStreams(e *Env) {
	client := &http.Client{Transport: &http.Transport{}}
	for range 8 {
		go func() {
			req, _ := http.NewRequestWithContext(e.Ctx, http.MethodGet, "http://"+e.Upstream+"/watch", nil)
			resp, err := client.Do(req)
			if err != nil {
				return
			}
			defer resp.Body.Close()
			in := bufio.NewScanner(resp.Body)
			for in.Scan() {
				spin(1)
			}
		}()
		pause(e.Ctx, 200*time.Millisecond)
	}
}

var watchers atomic.Int64

func rareEvents(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		if line == "\r\n" {
			break
		}
	}
	fmt.Fprint(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n")
	n := watchers.Add(1)
	for {
		time.Sleep(time.Duration(2+n) * time.Second)
		if _, err := fmt.Fprint(c, "6\r\nevent\n\r\n"); err != nil {
			return
		}
	}
}

type streamMux struct {
	conn    net.Conn
	mu      sync.Mutex
	streams map[uint32]chan uint32
}

func (m *streamMux) serve(frames <-chan uint32, stop <-chan struct{}) {
	for {
		select {
		case f := <-frames:
			spin(int(f % 3))
		case <-stop:
			return
		}
	}
}

func (m *streamMux) read() {
	stop := make(chan struct{})
	defer close(stop)
	for {
		id, err := readFrame(m.conn)
		if err != nil {
			return
		}
		m.mu.Lock()
		ch := m.streams[id]
		if ch == nil {
			ch = make(chan uint32, 4)
			m.streams[id] = ch
			go m.serve(ch, stop)
		}
		m.mu.Unlock()
		ch <- id
	}
}

func muxStreams(e *Env) {
	m := &streamMux{conn: e.dial(), streams: map[uint32]chan uint32{}}
	e.OnStop(func() { m.conn.Close() })
	go m.read()
}

func openingStreams(c net.Conn) {
	for i := uint32(1); ; i++ {
		if writeFrame(c, i) != nil {
			return
		}
		time.Sleep(300 * time.Millisecond)
	}
}

func commitAcks(e *Env) {
	e.Handle("/commit", func(*http.Request) string {
		ack := make(chan struct{})
		time.AfterFunc(2200*time.Millisecond, func() { close(ack) })
		go awaitAck(ack)
		return "committing"
	})
}

func awaitAck(ack <-chan struct{}) { <-ack; spin(1) }

func loaderEntries(e *Env) {
	var mu sync.Mutex
	entries := map[string]chan struct{}{}
	n := 0
	e.Handle("/entry2", func(r *http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		n++
		key := fmt.Sprint(n / 5)
		ready := entries[key]
		if ready == nil {
			ready = make(chan struct{})
			entries[key] = ready
			loaded := ready
			go func() { time.Sleep(time.Duration(2000+200*(n%6)) * time.Millisecond); close(loaded) }()
		}
		go func() { <-ready; spin(1) }()
		return "loading"
	})
}

func expireOTP(ctx context.Context, used <-chan struct{}) {
	t := time.NewTimer(9 * time.Second)
	defer t.Stop()
	select {
	case <-used:
	case <-t.C:
	case <-ctx.Done():
	}
}

func otpExpiry(e *Env) {
	e.Handle("/otp", func(r *http.Request) string {
		used := make(chan struct{})
		go expireOTP(e.Ctx, used)
		if r.FormValue("use") != "" {
			time.AfterFunc(700*time.Millisecond, func() { close(used) })
		}
		return "1234"
	})
}

func otpLoad(c *Client) {
	c.Every(130*time.Millisecond, func(i int) {
		if i%3 == 0 {
			c.Get("/otp?use=1")
		} else {
			c.Get("/otp")
		}
	})
}

func slowJobReporter(e *Env) {
	e.Handle("/job2", func(*http.Request) string {
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 70 {
				time.Sleep(100 * time.Millisecond)
			}
		}()
		go func() { <-done; spin(1) }()
		return "started"
	})
}
