package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"
)

func thirdLeaks() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "merge_sources", Late: true, Leaks: []string{"source).emit"}, Setup: mergeSources, Load: badEvery("/timeline", 70*ms, 2),
			About: "three sources select on their output and on their own end; the merger returns early and ends none of them"},
		{Name: "timeout_result", Late: true, Leaks: []string{"scoreAsync.func1"}, Setup: timeoutResult, Load: badEvery("/score", 50*ms, 5),
			About: "a score is computed with a timeout; who is late sends to a channel without a buffer"},
		{Name: "poll_upstream", Late: true, Leaks: []string{"orderWatch).poll"}, Setup: pollUpstream, Upstream: bigAnswers, Load: badEvery("/track", 150*ms, 1),
			About: "each order is polled at the upstream every 500 ms; delivered orders are polled for ever"},
		{Name: "two_locks", Leaks: []string{"book)"}, Setup: twoLocks, Load: badEvery("/trade", 50*ms, 1),
			About: "buying and selling take two locks in opposite order; the tasks pile up once they met"},
		{Name: "server_gone", Late: true, Leaks: []string{"idServer).next"}, Setup: serverGone, Load: getEvery("/id", 90*ms),
			About: "an id server's goroutine ends at an error after 1 s; askers put their question in its buffered inbox and wait for the answer"},
		{Name: "gate_never", Late: true, Leaks: []string{"feature).whenReady"}, Setup: gateNever, Load: badEvery("/enable", 100*ms, 1),
			About: "goroutines wait for a gate that is closed only when the configuration is right"},
		{Name: "reader_left", Leaks: []string{"probeConn).read"}, Setup: readerLeft, Upstream: silence, Load: badEvery("/probe", 180*ms, 1),
			About: "each probe dials the upstream and leaves its reading goroutine and its connection"},
		{Name: "tenant_removed", Late: true, Leaks: []string{"tenantFlush).run"}, Setup: tenantRemoved, Load: badEvery("/tenant2", 130*ms, 1),
			About: "a tenant's flusher wakes every 600 ms or when told; removing the tenant does not end it"},
		{Name: "cleanup_on_cancel", Late: true, Leaks: []string{"tempDir.func1"}, Setup: cleanupOnCancel, Load: badEvery("/import2", 50*ms, 6),
			About: "a goroutine removes a directory when a context ends; the failing path does not cancel it"},
		{Name: "rlock_twice", Leaks: []string{"prices2)"}, Setup: rlockTwice, Load: getEvery("/price2", 60*ms),
			About: "a reader takes the read lock twice and a writer comes between; later readers wait behind the writer"},
		{Name: "errs_unbuffered", Late: true, Leaks: []string{"validateAll.func1"}, Setup: errsUnbuffered, Load: badEvery("/validate", 80*ms, 3),
			About: "four validators fail and send their error; the first is read"},
		{Name: "lost_wakeup", Late: true, Leaks: []string{"latch).await"}, Setup: lostWakeup, Load: badEvery("/submit", 60*ms, 4),
			About: "a latch is signalled before its waiter waits, and does not remember it"},
		{Name: "select_nothing", Leaks: []string{"keepOpen"}, Setup: selectNothing, Load: badEvery("/open", 200*ms, 3),
			About: "a goroutine keeps something open by an empty select"},
		{Name: "pipe_watch", Leaks: []string{"watchPipe.func1"}, Setup: pipeWatch, Load: badEvery("/watch3", 200*ms, 1),
			About: "each request reads an os.Pipe of which nobody closes the writing end"},
		{Name: "refresh_sleeper", Leaks: []string{"apiClient).refreshToken"}, Setup: refreshSleeper, Load: badEvery("/call", 150*ms, 1),
			About: "a client is made per request, and each refreshes its token for ever, sleeping between"},
		{Name: "timer_and_result", Late: true, Leaks: []string{"awaitQuote"}, Setup: timerAndResult, Load: badEvery("/quote3", 70*ms, 3),
			About: "who waits for a result or a timer was given a timer that is stopped"},
		{Name: "slot_kept", Late: true, Leaks: []string{"crawl.func1"}, Setup: slotKept, Load: badEvery("/crawl", 80*ms, 3),
			About: "a crawl's slot is kept on the failing path; later ones wait for a slot in goroutines of their own"},
	}
}

type source struct{ ended chan struct{} }

func (s *source) emit(out chan<- int) {
	for i := 0; ; i++ {
		select {
		case out <- i:
		case <-s.ended:
			return
		}
	}
}

func mergeSources(e *Env) {
	e.Handle("/timeline", func(r *http.Request) string {
		out := make(chan int)
		var all []*source
		for range 3 {
			s := &source{make(chan struct{})}
			all = append(all, s)
			go s.emit(out)
		}
		for range 12 {
			<-out
		}
		if !isBad(r) {
			for _, s := range all {
				close(s.ended)
			}
		}
		return "timeline"
	})
}

func scoreAsync(takes time.Duration) <-chan int {
	score := make(chan int)
	go func() {
		time.Sleep(takes)
		score <- spin(2)
	}()
	return score
}

func timeoutResult(e *Env) {
	e.Handle("/score", func(r *http.Request) string {
		ctx, cancel := context.WithTimeout(r.Context(), 40*time.Millisecond)
		defer cancel()
		takes := 5 * time.Millisecond
		if isBad(r) {
			takes = 90 * time.Millisecond
		}
		select {
		case s := <-scoreAsync(takes):
			return fmt.Sprint(s)
		case <-ctx.Done():
			return "no score"
		}
	})
}

type orderWatch struct {
	client *http.Client
	url    string
}

func (o *orderWatch) poll() {
	t := time.NewTicker(500 * time.Millisecond)
	defer t.Stop()
	for range t.C {
		if resp, err := o.client.Get(o.url); err == nil {
			resp.Body.Close()
		}
	}
}

func pollUpstream(e *Env) {
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	e.Handle("/track", func(r *http.Request) string {
		if isBad(r) {
			o := &orderWatch{client, "http://" + e.Upstream + "/order"}
			go o.poll()
		}
		return "tracked"
	})
}

type idServer struct{ inbox chan chan int }

func (s *idServer) run() error {
	for i := 0; ; i++ {
		reply := <-s.inbox
		if i > 10 {
			return errors.New("out of ids")
		}
		reply <- i
	}
}

func (s *idServer) next(inbox chan<- chan int) int {
	reply := make(chan int, 1)
	inbox <- reply
	return <-reply
}

func serverGone(e *Env) {
	s := &idServer{make(chan chan int, 4096)}
	go s.run()
	e.Handle("/id", func(r *http.Request) string {
		if e.Bad() {
			go func() { spin(s.next(s.inbox) % 3) }()
		}
		return "reserved"
	})
}

type tenantFlush struct{ kick chan struct{} }

func (t *tenantFlush) run() {
	for {
		select {
		case <-t.kick:
		case <-time.After(600 * time.Millisecond):
		}
		spin(1)
	}
}

func tenantRemoved(e *Env) {
	var mu sync.Mutex
	tenants := map[string]*tenantFlush{}
	e.Handle("/tenant2", func(r *http.Request) string {
		if !isBad(r) {
			return "none"
		}
		name := r.FormValue("i")
		t := &tenantFlush{make(chan struct{}, 1)}
		mu.Lock()
		tenants[name] = t
		mu.Unlock()
		go t.run()
		t.kick <- struct{}{}
		mu.Lock()
		delete(tenants, name)
		mu.Unlock()
		return name
	})
}

func tempDir(ctx context.Context) {
	go func() {
		<-ctx.Done()
		spin(1)
	}()
}

func cleanupOnCancel(e *Env) {
	e.Handle("/import2", func(r *http.Request) string {
		ctx, cancel := context.WithCancel(e.Ctx)
		ctx = context.WithoutCancel(ctx)
		own, stop := context.WithCancel(ctx)
		tempDir(own)
		cancel()
		if isBad(r) {
			_ = stop
			return "failed"
		}
		stop()
		return "imported"
	})
}

func validateAll(bad bool) error {
	errs := make(chan error)
	n := 4
	for i := range n {
		go func() {
			var err error
			if bad {
				err = fmt.Errorf("field %d", i)
			}
			errs <- err
		}()
	}
	for range n {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

func errsUnbuffered(e *Env) {
	e.Handle("/validate", func(r *http.Request) string { return fmt.Sprint(validateAll(isBad(r))) })
}

func keepOpen(name string) {
	spin(len(name))
	select {}
}

func selectNothing(e *Env) {
	e.Handle("/open", func(r *http.Request) string {
		if isBad(r) {
			go keepOpen(r.FormValue("i"))
		}
		return "open"
	})
}

func watchPipe() {
	r, w, err := os.Pipe()
	if err != nil {
		return
	}
	go func() {
		buf := make([]byte, 64)
		for {
			if _, err := r.Read(buf); err != nil {
				return
			}
		}
	}()
	w.Write([]byte("hello"))
	kept.Store(w, true)
}

var kept sync.Map

func pipeWatch(e *Env) {
	e.Handle("/watch3", func(r *http.Request) string { watchPipe(); return "watched" })
}

func awaitQuote(result <-chan int, t *time.Timer) {
	select {
	case n := <-result:
		spin(n % 3)
	case <-t.C:
	}
}

func timerAndResult(e *Env) {
	e.Handle("/quote3", func(r *http.Request) string {
		result, t := make(chan int, 1), time.NewTimer(time.Second)
		go awaitQuote(result, t)
		if isBad(r) {
			t.Stop()
			return "withdrawn"
		}
		result <- 1
		return "quoted"
	})
}
