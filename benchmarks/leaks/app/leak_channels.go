package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

func leaksOfChannels() []Scenario {
	return []Scenario{
		{Name: "quote_timeout", Late: true, Leaks: []string{"quotes).ask"}, Setup: quoteTimeout, Load: quoteLoad,
			About: "a handler gives up waiting for a backend after 50 ms; the backend's goroutine then sends its answer to an unbuffered channel"},
		{Name: "hedged_read", Leaks: []string{"hedgedRead.func1.1"}, Setup: hedgedRead, Load: getEvery("/read", 25*time.Millisecond),
			About: "a hedged read takes the first of two answers; the slower replica's goroutine blocks on its send for ever"},
		{Name: "verdict_forgotten", Leaks: []string{"audit).await"}, Setup: verdictForgotten, Load: orderLoad,
			About: "an audit goroutine waits for the verdict on an order; the path for invalid orders returns without sending one"},
		{Name: "collect_unclosed", Late: true, Leaks: []string{"collectRows"}, Setup: collectUnclosed, Load: badEvery("/report", 50*time.Millisecond, 1),
			About: "each request has a goroutine range over a channel of rows that nobody closes"},
		{Name: "import_wg", Late: true, Leaks: []string{"importer).run.func2"}, Setup: importWg, Load: badEvery("/import", 80*time.Millisecond, 4),
			About: "one part of an import returns early on an error and skips wg.Done; the goroutine that closes the results waits for ever"},
		{Name: "dead_select", Leaks: []string{"session).watch"}, Setup: deadSelect, Load: badEvery("/login", 60*time.Millisecond, 1),
			About: "a session's watcher selects on refresh and closed; logging out drops the session from the map and closes neither"},
		{Name: "merge_nil", Leaks: []string{"mergeFeeds"}, Setup: mergeNil, Load: badEvery("/merge", 100*time.Millisecond, 1),
			About: "a merge sets both inputs to nil when they end, and selects on the two nil channels for ever"},
		{Name: "group_child", Leaks: []string{"rebuild.func1", "nightly"}, Setup: groupChild,
			About: "a nightly job waits for a group of children of which one waits for a page that its sibling never hands over; two jobs hang"},
		{Name: "warmup_one", Late: true, Leaks: []string{"warmUp"}, Setup: warmupOne,
			About: "at start the service waits for its warm-up for 100 ms only; the one warm-up goroutine blocks sending its result, for ever"},
		{Name: "handoff_three", Leaks: []string{"flusher).handoff"}, Setup: handoffThree,
			About: "after a rebalance at 2 s three shard flushers wait for a hand-over by an owner that is gone; the other five go on flushing"},
		{Name: "generator", Late: true, Leaks: []string{"countEvents.func1"}, Setup: generator, Load: badEvery("/events", 60*time.Millisecond, 1),
			About: "a handler reads three values of a generator and returns; the generator blocks on its fourth send"},
		{Name: "pipe_upload", Leaks: []string{"exportRows"}, Setup: pipeUpload, Load: badEvery("/export", 60*time.Millisecond, 3),
			About: "an export writes into an io.Pipe; when the uploader refuses the object nobody reads or closes the pipe"},
		{Name: "search_ctx", Leaks: []string{"fanSearch.func1"}, Setup: searchCtx, Load: badEvery("/search", 60*time.Millisecond, 1),
			About: "a search over five shards returns on the first error; the shards' goroutines stay on an unbuffered channel, 4 a failed request"},
	}
}

// badEvery asks for path, every nth time with bad=1 as long as misbehaviour is wanted.
func badEvery(path string, period time.Duration, nth int) func(*Client) {
	return func(c *Client) {
		c.Every(period, func(i int) {
			if c.Bad() && i%nth == 0 {
				c.Get(fmt.Sprintf("%s?i=%d&bad=1", path, i))
			} else {
				c.Get(fmt.Sprintf("%s?i=%d", path, i))
			}
		})
	}
}

func getEvery(path string, period time.Duration) func(*Client) {
	return func(c *Client) { c.Every(period, func(i int) { c.Get(fmt.Sprintf("%s?i=%d", path, i)) }) }
}

func isBad(r *http.Request) bool { return r.FormValue("bad") != "" }

type quotes struct{ slow time.Duration }

func (q *quotes) ask(carrier int, slow bool, out chan<- int) {
	time.Sleep(10 * time.Millisecond)
	if slow && carrier == 2 {
		time.Sleep(q.slow)
	}
	out <- carrier * spin(3)
}

func quoteTimeout(e *Env) {
	q := &quotes{slow: 110 * time.Millisecond}
	e.Handle("/quote", func(r *http.Request) string {
		out := make(chan int)
		for carrier := range 3 {
			go q.ask(carrier, isBad(r), out)
		}
		deadline := time.After(50 * time.Millisecond)
		for range 3 {
			select {
			case <-out:
			case <-deadline:
				return "partial"
			}
		}
		return "complete"
	})
}

func quoteLoad(c *Client) { badEvery("/quote", 40*time.Millisecond, 6)(c) }

func hedgedRead(e *Env) {
	e.Handle("/read", func(r *http.Request) string {
		answer := make(chan string)
		for replica := range 2 {
			go func() {
				time.Sleep(time.Duration(4+3*replica) * time.Millisecond)
				answer <- "row of replica " + strconv.Itoa(replica)
			}()
		}
		return <-answer
	})
}

type audit struct{ verdicts chan bool }

func (a *audit) await(order string) {
	if ok := <-a.verdicts; ok {
		spin(len(order))
	}
}

func verdictForgotten(e *Env) {
	e.Handle("/order", func(r *http.Request) string {
		a := &audit{verdicts: make(chan bool)}
		go a.await(r.FormValue("i"))
		if isBad(r) {
			return "invalid order"
		}
		time.Sleep(5 * time.Millisecond)
		a.verdicts <- true
		return "ordered"
	})
}

func orderLoad(c *Client) { badEvery("/order", 50*time.Millisecond, 10)(c) }

func collectRows(rows <-chan int, sum *int, mu *sync.Mutex) {
	for row := range rows {
		mu.Lock()
		*sum += row
		mu.Unlock()
	}
}

func collectUnclosed(e *Env) {
	e.Handle("/report", func(r *http.Request) string {
		rows, sum, mu := make(chan int), 0, sync.Mutex{}
		go collectRows(rows, &sum, &mu)
		for i := range 10 {
			rows <- i
		}
		if !isBad(r) {
			close(rows)
		}
		mu.Lock()
		defer mu.Unlock()
		return strconv.Itoa(sum)
	})
}

type importer struct{}

func (m *importer) load(part int, bad bool) error {
	time.Sleep(time.Duration(5+part) * time.Millisecond)
	if bad && part == 3 {
		return errors.New("malformed part")
	}
	return nil
}

func (m *importer) run(bad bool) <-chan int {
	var wg sync.WaitGroup
	results := make(chan int, 4)
	for part := range 4 {
		wg.Add(1)
		go func() {
			if m.load(part, bad) != nil {
				return
			}
			results <- part
			wg.Done()
		}()
	}
	go func() {
		wg.Wait()
		close(results)
	}()
	return results
}

func importWg(e *Env) {
	m := &importer{}
	e.Handle("/import", func(r *http.Request) string {
		results, n := m.run(isBad(r)), 0
		timeout := time.After(150 * time.Millisecond)
		for {
			select {
			case _, open := <-results:
				if !open {
					return strconv.Itoa(n)
				}
				n++
			case <-timeout:
				return "incomplete"
			}
		}
	})
}

type session struct {
	refresh chan string
	closed  chan struct{}
}

func (s *session) watch() {
	for {
		select {
		case token := <-s.refresh:
			spin(len(token))
		case <-s.closed:
			return
		}
	}
}

func deadSelect(e *Env) {
	var mu sync.Mutex
	sessions := map[string]*session{}
	e.Handle("/login", func(r *http.Request) string {
		s, id := &session{refresh: make(chan string), closed: make(chan struct{})}, r.FormValue("i")
		mu.Lock()
		sessions[id] = s
		mu.Unlock()
		go s.watch()
		s.refresh <- "token " + id
		mu.Lock()
		delete(sessions, id)
		mu.Unlock()
		return "logged in and out"
	})
}

func feed(n int) <-chan int {
	out := make(chan int)
	go func() {
		for i := range n {
			out <- i
		}
		close(out)
	}()
	return out
}

func mergeFeeds(a, b <-chan int, merged chan<- int) {
	for {
		select {
		case v, open := <-a:
			if !open {
				a = nil
				continue
			}
			merged <- v
		case v, open := <-b:
			if !open {
				b = nil
				continue
			}
			merged <- v
		}
	}
}

func mergeNil(e *Env) {
	e.Handle("/merge", func(r *http.Request) string {
		merged, sum := make(chan int), 0
		go mergeFeeds(feed(5), feed(7), merged)
		for range 12 {
			sum += <-merged
		}
		return strconv.Itoa(sum)
	})
}

// rebuild hands pages from one child to the other; with a broken index the first child ends before it handed over all.
func rebuild(broken bool) {
	var wg sync.WaitGroup
	pages := make(chan int)
	wg.Add(2)
	go func() {
		defer wg.Done()
		for range 8 {
			spin(<-pages)
		}
	}()
	go func() {
		defer wg.Done()
		for i := range 8 {
			if broken && i == 5 {
				return
			}
			time.Sleep(5 * time.Millisecond)
			pages <- i
		}
	}()
	wg.Wait()
}

func nightly(broken bool) { rebuild(broken) }

func groupChild(e *Env) {
	go func() {
		for i := 0; pause(e.Ctx, 400*time.Millisecond); i++ {
			go nightly(i == 2 || i == 5)
		}
	}()
}

func warmUp(done chan<- int) {
	time.Sleep(250 * time.Millisecond)
	done <- spin(200)
}

func warmupOne(e *Env) {
	done := make(chan int)
	go warmUp(done)
	select {
	case <-done:
	case <-time.After(100 * time.Millisecond):
	}
}

type flusher struct {
	shard   int
	release chan struct{}
}

func (f *flusher) handoff() { <-f.release }

func (f *flusher) run(ctx context.Context, moves <-chan struct{}) {
	t := time.NewTicker(150 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			spin(f.shard)
		case <-moves:
			f.handoff()
		case <-ctx.Done():
			return
		}
	}
}

func handoffThree(e *Env) {
	moves := make(chan struct{})
	for i := range 8 {
		go (&flusher{shard: i, release: make(chan struct{})}).run(e.Ctx, moves)
	}
	time.AfterFunc(2*time.Second, func() {
		for range 3 {
			moves <- struct{}{}
		}
	})
}

func countEvents() <-chan int {
	out := make(chan int)
	go func() {
		for i := 0; ; i++ {
			out <- i
		}
	}()
	return out
}

func generator(e *Env) {
	e.Handle("/events", func(r *http.Request) string {
		if !isBad(r) {
			return "no events"
		}
		events := countEvents()
		return fmt.Sprint(<-events, <-events, <-events)
	})
}

func exportRows(w *io.PipeWriter) {
	defer w.Close()
	for i := range 40 {
		fmt.Fprintf(w, "row %d\n", i)
	}
}

func pipeUpload(e *Env) {
	e.Handle("/export", func(r *http.Request) string {
		body, w := io.Pipe()
		go exportRows(w)
		if isBad(r) {
			return "bucket refused the object"
		}
		n, _ := io.Copy(io.Discard, body)
		return strconv.FormatInt(n, 10)
	})
}

func fanSearch(bad bool) error {
	errs := make(chan error)
	for shard := range 5 {
		go func() {
			time.Sleep(time.Duration(2+shard) * time.Millisecond)
			if bad && shard == 0 {
				errs <- errors.New("shard is gone")
				return
			}
			errs <- nil
		}()
	}
	for range 5 {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

func searchCtx(e *Env) {
	e.Handle("/search", func(r *http.Request) string {
		i, _ := strconv.Atoi(r.FormValue("i"))
		return fmt.Sprint(fanSearch(isBad(r) && i%5 == 0))
	})
}
