package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

func secondLeaks() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "flight_goexit", Late: true, Leaks: []string{"priceFlights).await"}, Setup: flightGoexit, Load: badEvery("/price", 40*ms, 8),
			About: "the leader of a single flight leaves by runtime.Goexit-like early return without closing the call; refreshers that joined wait for ever"},
		{Name: "scan_limit", Late: true, Leaks: []string{"scanRows.func1"}, Setup: scanLimit, Load: badEvery("/rows", 50*ms, 10),
			About: "a row scanner without context sends rows; one request in ten stops at its limit and never drains"},
		{Name: "cancel_forgotten", Leaks: []string{"lease).keepUntil"}, Setup: cancelForgotten, Load: badEvery("/lease", 50*ms, 20),
			About: "a lease keeper waits for cancel or expiry notice; the error path, one request in twenty, forgets cancel"},
		{Name: "after_loop", Late: true, Leaks: []string{"pollInvoice"}, Setup: afterLoop, Load: badEvery("/invoice", 100*ms, 2),
			About: "each second request leaves a loop around time.After whose done channel nobody closes"},
		{Name: "session_ticks", Late: true, Leaks: []string{"touchSession"}, Setup: sessionTicks, Load: badEvery("/login", 120*ms, 1),
			About: "a login starts a goroutine that ranges over a ticker; logging out stops the ticker's use but not the goroutine"},
		{Name: "backoff_sleep", Leaks: []string{"reconcile"}, Setup: backoffSleep, Load: badEvery("/apply", 60*ms, 4),
			About: "one apply in four starts a reconcile loop that sleeps and retries what can never succeed"},
		{Name: "unsubscribe_open", Late: true, Leaks: []string{"bus).listen"}, Setup: unsubscribeOpen, Load: getEvery("/watch", 120*ms),
			About: "a listener gets messages while its request lasts; unsubscribing takes its channel out of the map and does not close it"},
		{Name: "pool_replaced", Late: true, Leaks: []string{"resizable).worker"}, Setup: poolReplaced, Load: getEvery("/resize-work", 20*ms),
			About: "a pool that is resized gets a new queue and new workers; the old workers, which did serve, wait at the old queue"},
		{Name: "group_wait_child", Leaks: []string{"app.assemble"}, Setup: groupWaitChild, Load: badEvery("/assemble", 80*ms, 6),
			About: "a background assembly waits for a group of which one member waits for input from another that failed"},
		{Name: "cond_signal_two", Leaks: []string{"mailbox).next"}, Setup: condSignalTwo, Load: badEvery("/mail", 100*ms, 1),
			About: "closing a mailbox with two readers signals once instead of broadcasting"},
		{Name: "tokens_stopped", Leaks: []string{"bucket).take"}, Setup: tokensStopped, Load: getEvery("/notify", 60*ms),
			About: "after a reconfiguration at 2.5 s nobody refills the bucket; senders started by requests wait for tokens"},
		{Name: "lock_across_call", Late: true, Leaks: []string{"inventory).count"}, Follows: []string{"connReader).backgroundRead", "inventory).sync"}, Setup: lockAcrossCall, Upstream: silence, Load: getEvery("/stock", 70*ms),
			About: "a sync holds the lock while it reads from a peer that is silent; handlers wait for the lock"},
		{Name: "double_lock", Leaks: []string{"registry2)"}, Setup: doubleLock,
			About: "a background sweeper locks twice; two reporters then wait for the same lock: three goroutines, no requests"},
		{Name: "wg_added_twice", Leaks: []string{"closeWhenDone"}, Setup: wgAddedTwice,
			About: "a batch loop adds one too many to a WaitGroup; every second another closer waits for ever"},
		{Name: "subscriber_died", Late: true, Leaks: []string{"topicFeed).publish"}, Setup: subscriberDied, Load: getEvery("/publish", 80*ms),
			About: "a subscriber's goroutine recovers from a panic at 1 s and ends; publishers block sending to it"},
		{Name: "ping_after_close", Late: true, Leaks: []string{"pump).ping"}, Setup: pingAfterClose, Load: wsShort,
			About: "a websocket's ping loop ignores the write's error: one ticker loop for each connection that was"},
		{Name: "cache_per_request", Leaks: []string{"ttlCache).janitor"}, Setup: cachePerRequest, Load: badEvery("/render", 90*ms, 1),
			About: "a cache is made per request; each has a janitor that nobody stops"},
		{Name: "probe_replaced", Leaks: []string{"breaker).probe"}, Setup: probeReplaced, Load: badEvery("/pay", 50*ms, 12),
			About: "a breaker's probe waits for a verdict; a newer probe replaces its channel"},
		{Name: "body_error_path", Leaks: []string{"persistConn).readLoop", "persistConn).writeLoop"}, Except: []string{"persistConn).Read"}, Setup: bodyErrorPath, Upstream: bigAnswers, Load: badEvery("/proxy", 60*ms, 5),
			About: "the response's body is left open when the answer is not wanted, one request in five"},
		{Name: "feed_ignores_leave", Leaks: []string{"ticketFeed"}, Follows: []string{"connReader).backgroundRead"}, Setup: feedIgnoresLeave, Load: shortFeeds,
			About: "an event feed waits for updates only; clients leave after 300 ms"},
		{Name: "notify_per_request", Late: true, Leaks: []string{"onReload.func1"}, Setup: notifyPerRequest, Load: badEvery("/conf", 150*ms, 1),
			About: "each request registers for SIGHUP and starts a goroutine that waits for it"},
		{Name: "once_value_starved", Leaks: []string{"onceValueStarved"}, Follows: []string{"connReader).backgroundRead"}, Setup: onceValueStarved, Load: getEvery("/rate", 80*ms),
			About: "a lazy value waits for a snapshot that is never published; handlers wait for the lazy value"},
		{Name: "send_one_in_fifty", Leaks: []string{"thumb).deliver"}, Setup: sendOneInFifty, Load: badEvery("/thumb2", 40*ms, 50),
			About: "one request in fifty leaves its worker at a send"},
		{Name: "quiet_old", Late: true, Leaks: []string{"subscription).drain"}, Setup: quietOld, Load: quietAfter,
			About: "forty subscriptions are left behind in the first three seconds; then there is no traffic at all"},
		{Name: "permit_lost", Late: true, Leaks: []string{"gate).enter"}, Follows: []string{"connReader).backgroundRead"}, Setup: permitLost, Load: badEvery("/gate", 50*ms, 6),
			About: "a panic path returns without giving the permit back; after eight of them everybody waits at the gate"},
		{Name: "reply_dropped", Late: true, Leaks: []string{"actorSystem).ask"}, Setup: replyDropped, Load: badEvery("/ask", 60*ms, 5),
			About: "an actor drops messages it does not know; who asked waits in a goroutine for the reply"},
	}
}

type priceFlights struct {
	mu    sync.Mutex
	calls map[string]chan struct{}
}

func (p *priceFlights) await(key string, done <-chan struct{}) { <-done; spin(len(key)) }

func (p *priceFlights) refresh(key string, bad bool) {
	p.mu.Lock()
	done, joined := p.calls[key]
	if joined {
		p.mu.Unlock()
		p.await(key, done)
		return
	}
	done = make(chan struct{})
	p.calls[key] = done
	p.mu.Unlock()
	time.Sleep(30 * time.Millisecond)
	p.mu.Lock()
	delete(p.calls, key)
	p.mu.Unlock()
	if bad {
		return
	}
	close(done)
}

func flightGoexit(e *Env) {
	p := &priceFlights{calls: map[string]chan struct{}{}}
	e.Handle("/price", func(r *http.Request) string {
		key, bad := r.FormValue("i"), isBad(r)
		for range 3 {
			go p.refresh(key, bad)
		}
		return "stale price"
	})
}

func scanRows(n int) <-chan int {
	rows := make(chan int)
	go func() {
		defer close(rows)
		for i := range n {
			spin(1)
			rows <- i
		}
	}()
	return rows
}

func scanLimit(e *Env) {
	e.Handle("/rows", func(r *http.Request) string {
		limit := 100
		if isBad(r) {
			limit = 10
		}
		sum := 0
		for row := range scanRows(20) {
			if sum += row; row > limit {
				break
			}
		}
		return fmt.Sprint(sum)
	})
}

type lease struct{ expired chan struct{} }

func (l *lease) keepUntil(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-l.expired:
	}
}

func cancelForgotten(e *Env) {
	e.Handle("/lease", func(r *http.Request) string {
		ctx, cancel := context.WithCancel(context.Background())
		l := &lease{expired: make(chan struct{})}
		go l.keepUntil(ctx)
		time.Sleep(5 * time.Millisecond)
		if isBad(r) {
			_ = cancel
			return "conflict"
		}
		cancel()
		return "done"
	})
}

func pollInvoice(done <-chan struct{}) {
	for {
		select {
		case <-time.After(700 * time.Millisecond):
			spin(2)
		case <-done:
			return
		}
	}
}

func afterLoop(e *Env) {
	e.Handle("/invoice", func(r *http.Request) string {
		done := make(chan struct{})
		go pollInvoice(done)
		if !isBad(r) {
			close(done)
		}
		return "sent"
	})
}

func touchSession(t *time.Ticker, id string) {
	for range t.C {
		spin(len(id))
	}
}

func sessionTicks(e *Env) {
	e.Handle("/login", func(r *http.Request) string {
		if isBad(r) {
			go touchSession(time.NewTicker(900*time.Millisecond), r.FormValue("i"))
		}
		return "welcome"
	})
}

func reconcile(object string, possible bool) {
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 800*time.Millisecond) {
		if spin(len(object)); possible {
			return
		}
		time.Sleep(wait)
	}
}

func backoffSleep(e *Env) {
	e.Handle("/apply", func(r *http.Request) string {
		go reconcile(r.FormValue("i"), !isBad(r))
		return "accepted"
	})
}

type bus struct {
	mu   sync.Mutex
	subs map[chan int]bool
}

func (b *bus) listen(ch <-chan int, last *int) {
	for m := range ch {
		*last = m
	}
}

func unsubscribeOpen(e *Env) {
	b := &bus{subs: map[chan int]bool{}}
	go func() {
		for i := 0; pause(e.Ctx, 30*time.Millisecond); i++ {
			b.mu.Lock()
			for ch := range b.subs {
				select {
				case ch <- i:
				default:
				}
			}
			b.mu.Unlock()
		}
	}()
	e.Handle("/watch", func(r *http.Request) string {
		if !e.Bad() {
			return "nothing new"
		}
		ch, last := make(chan int, 1), 0
		b.mu.Lock()
		b.subs[ch] = true
		b.mu.Unlock()
		go b.listen(ch, &last)
		pause(r.Context(), 400*time.Millisecond)
		b.mu.Lock()
		delete(b.subs, ch)
		b.mu.Unlock()
		return "seen"
	})
}

type resizable struct {
	mu   sync.RWMutex
	jobs chan int
}

func (p *resizable) worker(jobs <-chan int) {
	for j := range jobs {
		spin(j)
		time.Sleep(2 * time.Millisecond)
	}
}

func (p *resizable) resize(n int) {
	jobs := make(chan int, 64)
	for range n {
		go p.worker(jobs)
	}
	p.mu.Lock()
	p.jobs = jobs
	p.mu.Unlock()
}

func poolReplaced(e *Env) {
	p := &resizable{}
	p.resize(4)
	go func() {
		for n := 0; pause(e.Ctx, 450*time.Millisecond); n++ {
			if e.Bad() {
				p.resize(4 + n%3)
			}
		}
	}()
	e.Handle("/resize-work", func(*http.Request) string {
		p.mu.RLock()
		defer p.mu.RUnlock()
		p.jobs <- 2
		return "queued"
	})
}

func assemble(bad bool) {
	parts := make(chan int)
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		spin(<-parts)
	}()
	go func() {
		defer wg.Done()
		if time.Sleep(10 * time.Millisecond); !bad {
			parts <- 3
		}
	}()
	wg.Wait()
}

func groupWaitChild(e *Env) {
	e.Handle("/assemble", func(r *http.Request) string {
		bad := isBad(r)
		go func() { assemble(bad) }()
		return "started"
	})
}

type mailbox struct {
	mu     sync.Mutex
	cond   *sync.Cond
	mails  []string
	closed bool
}

func (m *mailbox) next() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.mails) == 0 && !m.closed {
		m.cond.Wait()
	}
	if len(m.mails) == 0 {
		return false
	}
	m.mails = m.mails[1:]
	return true
}

func (m *mailbox) read() {
	for m.next() {
		spin(1)
	}
}

func condSignalTwo(e *Env) {
	e.Handle("/mail", func(r *http.Request) string {
		m := &mailbox{}
		m.cond = sync.NewCond(&m.mu)
		for range 2 {
			go m.read()
		}
		for range 4 {
			m.mu.Lock()
			m.mails = append(m.mails, "mail")
			m.mu.Unlock()
			m.cond.Signal()
			time.Sleep(4 * time.Millisecond)
		}
		m.mu.Lock()
		m.closed = true
		m.mu.Unlock()
		m.cond.Signal()
		return "read"
	})
}

type bucket struct{ tokens chan struct{} }

func (b *bucket) take() { <-b.tokens }

func tokensStopped(e *Env) {
	b := &bucket{tokens: make(chan struct{}, 4)}
	go func() {
		for time.Since(e.Started) < 2500*time.Millisecond && pause(e.Ctx, 50*time.Millisecond) {
			b.tokens <- struct{}{}
		}
	}()
	e.Handle("/notify", func(r *http.Request) string {
		go func() {
			b.take()
			spin(2)
		}()
		return "will be sent"
	})
}

type inventory struct {
	mu    sync.Mutex
	stock map[string]int
}

func (v *inventory) sync(peer io.ReadWriter) {
	v.mu.Lock()
	defer v.mu.Unlock()
	writeFrame(peer, 1)
	n, _ := readFrame(peer)
	v.stock["all"] = int(n)
}

func (v *inventory) count(key string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.stock[key]
}

func lockAcrossCall(e *Env) {
	v := &inventory{stock: map[string]int{}}
	peer := e.dial()
	go func() {
		if pause(e.Ctx, 1200*time.Millisecond) {
			v.sync(peer)
		}
	}()
	e.Handle("/stock", func(r *http.Request) string { return fmt.Sprint(v.count(r.FormValue("i"))) })
}

type registry2 struct {
	mu      sync.Mutex
	entries map[string]time.Time
}

func (r *registry2) drop(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.entries, name)
}

func (r *registry2) sweep() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, at := range r.entries {
		if time.Since(at) > time.Second {
			r.drop(name)
		}
	}
}

func (r *registry2) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.entries)
}

func doubleLock(e *Env) {
	r := &registry2{entries: map[string]time.Time{"a": time.Now()}}
	loop := func(f func(), every time.Duration) {
		for pause(e.Ctx, every) {
			f()
		}
	}
	go loop(r.sweep, 300*time.Millisecond)
	for range 2 {
		go loop(func() { spin(r.size()) }, 200*time.Millisecond)
	}
}

func closeWhenDone(wg *sync.WaitGroup, out chan int) {
	wg.Wait()
	close(out)
}

func wgAddedTwice(e *Env) {
	go func() {
		for pause(e.Ctx, time.Second) {
			var wg sync.WaitGroup
			out := make(chan int, 3)
			for i := range 3 {
				wg.Add(1)
				if i == 0 {
					wg.Add(1)
				}
				go func() { defer wg.Done(); out <- spin(i) }()
			}
			go closeWhenDone(&wg, out)
		}
	}()
}

type topicFeed struct{ ch chan string }

func (f *topicFeed) publish(m string) { f.ch <- m }

func (f *topicFeed) consume(started time.Time) {
	defer func() { recover() }()
	for m := range f.ch {
		if time.Since(started) > time.Second {
			panic(errors.New("cannot parse " + m))
		}
	}
}

func subscriberDied(e *Env) {
	f := &topicFeed{ch: make(chan string)}
	go f.consume(e.Started)
	e.Handle("/publish", func(r *http.Request) string {
		m := r.FormValue("i")
		if e.Bad() {
			go f.publish(m)
		}
		return "published"
	})
}

type pump struct{ conn net.Conn }

func (p *pump) read() {
	defer p.conn.Close()
	in := bufio.NewScanner(p.conn)
	for in.Scan() {
		fmt.Fprintln(p.conn, strings.ToUpper(in.Text()))
	}
}

func (p *pump) ping() {
	t := time.NewTicker(400 * time.Millisecond)
	defer t.Stop()
	for range t.C {
		fmt.Fprintln(p.conn, "ping")
	}
}

func pingAfterClose(e *Env) {
	e.Mux.HandleFunc("/ws", func(w http.ResponseWriter, r *http.Request) {
		if c, ok := hijack(w); ok {
			p := &pump{conn: c}
			go p.ping()
			p.read()
		}
	})
}

func wsShort(c *Client) {
	c.Every(170*time.Millisecond, func(i int) {
		if c.Bad() {
			c.talk("/ws", 3, false)
		} else {
			c.Get("/ping")
		}
	})
}

type ttlCache struct {
	mu   sync.Mutex
	data map[string]int
}

func newTTLCache() *ttlCache {
	c := &ttlCache{data: map[string]int{}}
	go c.janitor()
	return c
}

func (c *ttlCache) janitor() {
	t := time.NewTicker(600 * time.Millisecond)
	stop := make(chan struct{})
	for {
		select {
		case <-t.C:
			c.mu.Lock()
			clear(c.data)
			c.mu.Unlock()
		case <-stop:
			return
		}
	}
}

func cachePerRequest(e *Env) {
	e.Handle("/render", func(r *http.Request) string {
		c := newTTLCache()
		c.mu.Lock()
		defer c.mu.Unlock()
		c.data["x"] = spin(3)
		return "rendered"
	})
}

type breaker struct {
	mu      sync.Mutex
	verdict chan bool
}

func (b *breaker) probe(verdict <-chan bool) {
	if <-verdict {
		spin(1)
	}
}

func probeReplaced(e *Env) {
	b := &breaker{}
	e.Handle("/pay", func(r *http.Request) string {
		b.mu.Lock()
		defer b.mu.Unlock()
		if isBad(r) {
			b.verdict = make(chan bool, 1)
			go b.probe(b.verdict)
		}
		return "paid"
	})
}

func bodyErrorPath(e *Env) {
	client := &http.Client{Transport: &http.Transport{}}
	e.Handle("/proxy", func(r *http.Request) string {
		resp, err := client.Get("http://" + e.Upstream + "/big")
		if err != nil {
			return err.Error()
		}
		if isBad(r) {
			return resp.Status
		}
		defer resp.Body.Close()
		n, _ := io.Copy(io.Discard, resp.Body)
		return fmt.Sprint(n)
	})
}

func ticketFeed(w http.ResponseWriter, updates <-chan string) {
	for m := range updates {
		io.WriteString(w, m)
	}
}

func feedIgnoresLeave(e *Env) {
	e.Mux.HandleFunc("/feed", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "hello\n")
		w.(http.Flusher).Flush()
		ticketFeed(w, make(chan string))
	})
}

func shortFeeds(c *Client) {
	c.Every(250*time.Millisecond, func(int) { c.GetFor("/feed", 300*time.Millisecond) })
}

func onReload(f func()) {
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, syscall.SIGHUP)
	go func() {
		for range ch {
			f()
		}
	}()
}

func notifyPerRequest(e *Env) {
	e.Handle("/conf", func(r *http.Request) string {
		if isBad(r) {
			onReload(func() { spin(1) })
		}
		return "configured"
	})
}

type rates struct {
	snapshot chan int
	value    func() int
}

func (r *rates) load() int { return <-r.snapshot }

func onceValueStarved(e *Env) {
	r := &rates{snapshot: make(chan int)}
	r.value = sync.OnceValue(r.load)
	e.Handle("/rate", func(*http.Request) string {
		go func() { spin(r.value() % 3) }()
		return "soon"
	})
}

type thumb struct{ out chan int }

func (t *thumb) deliver(n int) { t.out <- spin(n) }

func sendOneInFifty(e *Env) {
	e.Handle("/thumb2", func(r *http.Request) string {
		t := &thumb{out: make(chan int)}
		go t.deliver(2)
		if isBad(r) {
			return "no thumb"
		}
		return fmt.Sprint(<-t.out)
	})
}

type subscription struct{ events chan string }

func (s *subscription) drain() {
	for e := range s.events {
		spin(len(e))
	}
}

func quietOld(e *Env) {
	e.Handle("/subscribe", func(r *http.Request) string {
		s := &subscription{events: make(chan string)}
		go s.drain()
		return "subscribed"
	})
}

func quietAfter(c *Client) {
	for range 40 {
		c.Get("/subscribe")
		pause(c.Ctx, 60*time.Millisecond)
	}
	<-c.Ctx.Done()
}

type gate struct{ permits chan struct{} }

func (g *gate) enter() { g.permits <- struct{}{} }

func permitLost(e *Env) {
	g := &gate{permits: make(chan struct{}, 8)}
	e.Handle("/gate", func(r *http.Request) string {
		g.enter()
		if isBad(r) {
			return "rejected"
		}
		spin(2)
		<-g.permits
		return "passed"
	})
}

type actorSystem struct{ inbox chan question }

type question struct {
	kind  string
	reply chan int
}

func (a *actorSystem) run(ctx context.Context) {
	for {
		select {
		case q := <-a.inbox:
			if q.kind == "known" {
				q.reply <- spin(2)
			}
		case <-ctx.Done():
			return
		}
	}
}

func (a *actorSystem) ask(kind string) {
	q := question{kind, make(chan int, 1)}
	a.inbox <- q
	<-q.reply
}

func replyDropped(e *Env) {
	a := &actorSystem{inbox: make(chan question, 16)}
	go a.run(e.Ctx)
	e.Handle("/ask", func(r *http.Request) string {
		kind := "known"
		if isBad(r) {
			kind = "unheard of"
		}
		go a.ask(kind)
		return "asked"
	})
}
