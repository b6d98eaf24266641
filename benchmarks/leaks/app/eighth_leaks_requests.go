package app

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// eighth resembles the recorded corpus in kind: handlers that leave something behind, and correct services that only wait.
func eighth() []Scenario {
	all := append(eighthLeakRequests(), eighthLeakParts()...)
	return append(append(all, eighthFineRequests()...), eighthFineParts()...)
}

func eighthLeakRequests() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "progress_unclosed", Late: true, Leaks: []string{"upload8).report"}, Setup: progressUnclosed, Load: badEvery("/upload8", 80*ms, 2),
			About: "a goroutine ranges over an upload's progress; the path for a bad checksum returns without closing it"},
		{Name: "trailing_stats", Late: true, Leaks: []string{"stats8).compute"}, Setup: trailingStats, Load: badEvery("/stats8", 70*ms, 3),
			About: "a handler answers from its cache and leaves; what was computed for it is sent to nobody"},
		{Name: "watch_not_stopped", Late: true, Leaks: []string{"watch8).run"}, Setup: watchNotStopped, Load: badEvery("/watch8", 50*ms, 4),
			About: "each request watches a key and gets a function that stops the watch; the path for hits does not call it"},
		{Name: "rlock_upgrade", Late: true, Leaks: []string{"book8).settle", "book8).read"}, Setup: rlockUpgrade, Load: badEvery("/book8", 60*ms, 9),
			About: "a settlement in the background asks for the write lock with the read lock held; all later readers in the background wait"},
		{Name: "panic_without_done", Late: true, Leaks: []string{"digest8).collect"}, Setup: panicWithoutDone, Load: badEvery("/digest8", 90*ms, 2),
			About: "a part panics, is recovered, and never says Done; who collects the parts waits on"},
		{Name: "stream_ctx_kept", Late: true, Leaks: []string{"stream8).pump"}, Setup: streamCtxKept, Load: badEvery("/calls8", 60*ms, 3),
			About: "streams over one shared connection end with their context, which one path never cancels"},
		{Name: "flusher_kept", Late: true, Leaks: []string{"flusher8).run"}, Setup: flusherKept, Load: getEvery("/batch8", 110*ms),
			About: "each request makes a batcher that flushes by ticker or when asked; closing it is forgotten"},
		{Name: "event_source_left", Late: true, Leaks: []string{"eventSource8"}, Setup: eventSourceLeft, Load: leavers8,
			About: "an event source waits for its next event only; its clients leave after 200 ms"},
		{Name: "cond_with_timeout", Late: true, Leaks: []string{"gate8).awaitOpen"}, Setup: condWithTimeout, Load: getEvery("/gate8", 90*ms),
			About: "a wait on a condition was given a time-out by a goroutine of its own; the condition never comes"},
		{Name: "limited_group", Late: true, Leaks: []string{"scan8).shard", "scan8).run"}, Setup: limitedGroup, Load: badEvery("/scan8", 100*ms, 3),
			About: "an errgroup with a limit of two: members send to a reader that left, and the next Go waits for them"},
	}
}

type upload8 struct {
	progress chan int
	seen     int
}

func (u *upload8) report() {
	for n := range u.progress {
		u.seen += n
	}
}

func progressUnclosed(e *Env) {
	e.Handle("/upload8", func(r *http.Request) string {
		u := &upload8{progress: make(chan int)}
		go u.report()
		for i := range 4 {
			u.progress <- i
		}
		if isBad(r) {
			return "bad checksum"
		}
		close(u.progress)
		return "stored"
	})
}

type stats8 struct{ out chan int }

func (s *stats8) compute() {
	time.Sleep(15 * time.Millisecond)
	s.out <- spin(8)
}

func trailingStats(e *Env) {
	e.Handle("/stats8", func(r *http.Request) string {
		s := &stats8{make(chan int)}
		go s.compute()
		if isBad(r) {
			return "cached"
		}
		return fmt.Sprint(<-s.out)
	})
}

type watch8 struct {
	changes chan string
	stop    chan struct{}
}

func (w *watch8) run() {
	for {
		select {
		case key := <-w.changes:
			spin(len(key))
		case <-w.stop:
			return
		}
	}
}

func watchNotStopped(e *Env) {
	e.Handle("/watch8", func(r *http.Request) string {
		w := &watch8{make(chan string), make(chan struct{})}
		go w.run()
		if isBad(r) {
			return "hit"
		}
		time.Sleep(5 * time.Millisecond)
		close(w.stop)
		return "miss"
	})
}

type book8 struct{ mu sync.RWMutex }

func (b *book8) settle() {
	b.mu.RLock()
	defer b.mu.RUnlock()
	b.mu.Lock()
	b.mu.Unlock()
}

func (b *book8) read() {
	b.mu.RLock()
	defer b.mu.RUnlock()
	spin(2)
}

func rlockUpgrade(e *Env) {
	b := &book8{}
	e.Handle("/book8", func(r *http.Request) string {
		switch {
		case !e.Bad():
		case isBad(r) && r.FormValue("i") != "0":
			go b.settle()
		default:
			go b.read()
		}
		return "noted"
	})
}

type digest8 struct{ wg sync.WaitGroup }

func (d *digest8) collect() {
	d.wg.Wait()
	spin(3)
}

func (d *digest8) part(n int, bad bool) {
	defer func() { _ = recover() }()
	if bad && n == 2 {
		panic("no such part")
	}
	spin(n)
	d.wg.Done()
}

func panicWithoutDone(e *Env) {
	e.Handle("/digest8", func(r *http.Request) string {
		d := &digest8{}
		d.wg.Add(4)
		for n := range 4 {
			go d.part(n, isBad(r))
		}
		go d.collect()
		return "started"
	})
}

type stream8 struct {
	frames chan int
	cancel context.CancelFunc
}

func (s *stream8) pump(ctx context.Context) {
	for {
		select {
		case f := <-s.frames:
			spin(f)
		case <-ctx.Done():
			return
		}
	}
}

func streamCtxKept(e *Env) {
	e.Handle("/calls8", func(r *http.Request) string {
		s := &stream8{frames: make(chan int)}
		var ctx context.Context
		ctx, s.cancel = context.WithCancel(context.WithoutCancel(r.Context()))
		go s.pump(ctx)
		s.frames <- 1
		if isBad(r) {
			return "refused"
		}
		s.frames <- 2
		s.cancel()
		return "answered"
	})
}

type flusher8 struct {
	in    chan int
	batch []int
}

func (f *flusher8) run() {
	t := time.NewTicker(160 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case n, ok := <-f.in:
			if !ok {
				return
			}
			f.batch = append(f.batch, n)
		case <-t.C:
			f.batch = f.batch[:0]
		}
	}
}

func flusherKept(e *Env) {
	e.Handle("/batch8", func(r *http.Request) string {
		f := &flusher8{in: make(chan int)}
		if !e.Bad() {
			return "nothing to do"
		}
		go f.run()
		for i := range 3 {
			f.in <- i
		}
		return "batched"
	})
}

func eventSource8(w http.ResponseWriter, next <-chan string) {
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "data: hello\n\n")
	w.(http.Flusher).Flush()
	for event := range next {
		fmt.Fprintf(w, "data: %s\n\n", event)
	}
}

func eventSourceLeft(e *Env) {
	e.Mux.HandleFunc("/source8", func(w http.ResponseWriter, r *http.Request) { eventSource8(w, make(chan string)) })
}

func leavers8(c *Client) {
	c.Every(120*time.Millisecond, func(i int) {
		if c.Bad() {
			c.GetFor("/source8", 200*time.Millisecond)
		} else {
			c.Get("/ping")
		}
	})
}

type gate8 struct {
	mu   sync.Mutex
	cond *sync.Cond
	open bool
}

func (g *gate8) awaitOpen(done chan<- struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open {
		g.cond.Wait()
	}
	close(done)
}

func condWithTimeout(e *Env) {
	g := &gate8{}
	g.cond = sync.NewCond(&g.mu)
	e.Handle("/gate8", func(r *http.Request) string {
		if !e.Bad() {
			return "shut"
		}
		done := make(chan struct{})
		go g.awaitOpen(done)
		select {
		case <-done:
			return "open"
		case <-time.After(30 * time.Millisecond):
			return "shut"
		}
	})
}
