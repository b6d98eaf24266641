package app

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os/exec"
	"sync"
	"time"
)

// fourthLeakTasks leave behind what requests and loops started for themselves: no connection is part of it.
func fourthLeakTasks() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "group_early", Late: true, Short: true, Leaks: []string{"taskGroup).Go.func1"}, Setup: groupEarly, Load: badEvery("/enrich", 70*ms, 3),
			About: "a group's collector returns on the first error; the other members block on the results' channel"},
		{Name: "broadcast_subscribers", Late: true, Leaks: []string{"newsBus).listen"}, Setup: broadcastSubscribers, Load: badEvery("/observe", 140*ms, 1),
			About: "each request subscribes to a bus and never unsubscribes; a broadcast a second wakes all who ever did"},
		{Name: "bounded_put", Late: true, Leaks: []string{"boundedQueue).put"}, Setup: boundedPut, Load: badEvery("/record", 60*ms, 1),
			About: "a queue of 16 on a condition loses its consumer at 1 s; who puts waits for room for ever"},
		{Name: "closer_and_workers", Short: true, Leaks: []string{"resizeAll.func1", "resizeAll.func2"}, Setup: closerAndWorkers, Load: badEvery("/resize", 90*ms, 4),
			About: "the reader of the results stops at an error; the workers block sending, and who waits to close the channel waits for them"},
		{Name: "dropped_job", Late: true, Leaks: []string{"droppedJob.func2"}, Follows: []string{"connReader).backgroundRead"}, Setup: droppedJob, Load: shortBad("/convert", 90*ms, 4, 300*ms),
			About: "a full queue drops a job without a word; its handler waits for the result, though the client has left"},
		{Name: "dispatcher_blocked", Late: true, Short: true, Leaks: []string{"dispatcher)", "dispatcherBlocked.func2"}, Setup: dispatcherBlocked, Load: getEvery("/dispatch", 70*ms),
			About: "a worker ends on a poisoned job; the dispatcher blocks handing it the next one, and all submitters behind it"},
		{Name: "ack_never", Late: true, Leaks: []string{"outbox).await"}, Setup: ackNever, Load: badEvery("/publish4", 60*ms, 4),
			About: "a goroutine waits for each message's acknowledgement; those of one topic are never acknowledged"},
		{Name: "custom_ctx_child", Late: true, Short: true, Leaks: []string{"propagateCancel.func2"}, Setup: customCtxChild, Load: badEvery("/derive", 80*ms, 2),
			About: "a context derived from one of a foreign type costs a goroutine until it is cancelled; one path forgets to"},
		{Name: "exec_not_waited", Leaks: []string{"exec.(*Cmd).watchCtx"}, Setup: execNotWaited, Load: badEvery("/thumbnail", 200*ms, 1),
			About: "a command is started with a context and its output is read, but it is never waited for"},
		{Name: "stale_gate", Late: true, Leaks: []string{"reloadGate).await"}, Setup: staleGate, Load: getEvery("/fresh", 60*ms),
			About: "a reload replaces the gate's channel; each third time it forgets to close the old one, and its waiters stay"},
		{Name: "timer_drain", Late: true, Leaks: []string{"pacer).rest"}, Setup: timerDrain, Load: badEvery("/pace", 90*ms, 3),
			About: "stop, and drain if too late: but the timer's value was taken already"},
		{Name: "pull_no_stop", Late: true, Short: true, Leaks: []string{"pagesOf.1"}, Setup: pullNoStop, Load: badEvery("/first-page", 80*ms, 2),
			About: "a handler pulls the first page of an iterator and does not stop it: its coroutine stays"},
		{Name: "stages_abandoned", Short: true, Leaks: []string{"stages)"}, Setup: stagesAbandoned, Load: badEvery("/transform", 100*ms, 2),
			About: "a pipeline of three stages is made per request; its reader leaves after one item and all stages stay"},
		{Name: "report_parent", Late: true, Leaks: []string{"buildReport"}, Setup: reportParent, Load: badEvery("/report4", 90*ms, 2),
			About: "a background report waits for three parts of which one waits on a channel that was never made"},
		{Name: "server_blocked", Leaks: []string{"sequencer)", "serverBlocked.func"}, Setup: serverBlocked, Load: getEvery("/sequence", 80*ms),
			About: "a client gives up and takes its reply channel with it; the one server blocks on it, and everybody behind"},
		{Name: "watcher_per_reload", Late: true, Leaks: []string{"reloaded).watch"}, Setup: watcherPerReload,
			About: "a loop reloads the configuration every 350 ms and starts a new watcher each time, without stopping the last"},
		{Name: "renewer_kept", Late: true, Leaks: []string{"lease4).renew"}, Setup: renewerKept, Load: badEvery("/reserve4", 60*ms, 3),
			About: "a lock's renewer ticks until the lock is given back, which the failing path does not do"},
		{Name: "result_watch", Long: true, Leaks: []string{"resultWatch).follow"}, Setup: resultWatchSetup, Load: badEvery("/batch4", 400*ms, 3),
			About: "a watcher per batch selects on progress and end; failed batches report neither. Few requests, one in three fails"},
	}
}

// shortBad is badEvery by clients that do not wait longer than patience.
func shortBad(path string, period time.Duration, nth int, patience time.Duration) func(*Client) {
	return func(c *Client) {
		c.Every(period, func(i int) {
			if c.Bad() && i%nth == 0 {
				c.GetFor(fmt.Sprintf("%s?i=%d&bad=1", path, i), patience)
			} else {
				c.GetFor(fmt.Sprintf("%s?i=%d", path, i), patience)
			}
		})
	}
}

type taskGroup struct{ results chan error }

func (g *taskGroup) Go(f func() error) {
	go func() { g.results <- f() }()
}

type newsBus struct {
	mu        sync.Mutex
	listeners []chan int
}

func (b *newsBus) listen(in <-chan int) {
	for n := range in {
		spin(n % 2)
	}
}

func (b *newsBus) subscribe() {
	in := make(chan int, 1)
	b.mu.Lock()
	b.listeners = append(b.listeners, in)
	b.mu.Unlock()
	go b.listen(in)
}

type boundedQueue struct {
	mu    sync.Mutex
	room  *sync.Cond
	items []int
}

func (q *boundedQueue) put(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) >= 16 {
		q.room.Wait()
	}
	q.items = append(q.items, n)
}

func (q *boundedQueue) take() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) > 0 {
		q.items = q.items[1:]
		q.room.Signal()
	}
}

func resizeAll(bad bool) error {
	var wg sync.WaitGroup
	results := make(chan error)
	for i := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			spin(2)
			if bad && i == 0 {
				results <- errors.New("not an image")
				return
			}
			time.Sleep(3 * time.Millisecond)
			results <- nil
		}()
	}
	go func() {
		wg.Wait()
		close(results)
	}()
	for err := range results {
		if err != nil {
			return err
		}
	}
	return nil
}

func closerAndWorkers(e *Env) {
	e.Handle("/resize", func(r *http.Request) string { return fmt.Sprint(resizeAll(isBad(r))) })
}

type dispatcher struct {
	jobs    chan int
	workers []chan int
}

func (d *dispatcher) run() {
	for n := range d.jobs {
		d.workers[n%len(d.workers)] <- n
	}
}

type outbox struct{}

func (o *outbox) await(ack <-chan error) {
	if err := <-ack; err != nil {
		spin(1)
	}
}

func ackNever(e *Env) {
	o := &outbox{}
	e.Handle("/publish4", func(r *http.Request) string {
		ack := make(chan error, 1)
		go o.await(ack)
		if !isBad(r) {
			time.AfterFunc(15*time.Millisecond, func() { ack <- nil })
		}
		return "published"
	})
}

// foreign is a context of a type that the context package does not know.
type foreign struct {
	context.Context
	done chan struct{}
}

func (f foreign) Done() <-chan struct{} { return f.done }

func customCtxChild(e *Env) {
	parent := foreign{context.Background(), make(chan struct{})}
	e.Handle("/derive", func(r *http.Request) string {
		ctx, cancel := context.WithCancel(parent)
		spin(2)
		if isBad(r) {
			_ = cancel
			return fmt.Sprint(ctx.Err())
		}
		cancel()
		return "derived"
	})
}

func execNotWaited(e *Env) {
	e.Handle("/thumbnail", func(r *http.Request) string {
		if !isBad(r) {
			return "none"
		}
		ctx, cancel := context.WithCancel(context.Background())
		_ = cancel
		cmd := exec.CommandContext(ctx, "true")
		out, err := cmd.StdoutPipe()
		if err != nil || cmd.Start() != nil {
			return "failed"
		}
		buf := make([]byte, 16)
		out.Read(buf)
		return "made"
	})
}

type reloadGate struct {
	mu   sync.Mutex
	open chan struct{}
}

func (g *reloadGate) await() {
	g.mu.Lock()
	open := g.open
	g.mu.Unlock()
	<-open
	spin(1)
}

func staleGate(e *Env) {
	g := &reloadGate{open: make(chan struct{})}
	go func() {
		for i := 0; pause(e.Ctx, 130*time.Millisecond); i++ {
			g.mu.Lock()
			old := g.open
			g.open = make(chan struct{})
			g.mu.Unlock()
			if i%3 != 2 || !e.Bad() {
				close(old)
			}
		}
		g.mu.Lock()
		close(g.open)
		g.mu.Unlock()
	}()
	e.Handle("/fresh", func(*http.Request) string {
		go g.await()
		return "soon"
	})
}

type pacer struct{ t *time.Timer }

func (p *pacer) rest(d time.Duration) {
	if !p.t.Stop() {
		<-p.t.C
	}
	p.t.Reset(d)
	<-p.t.C
}

func timerDrain(e *Env) {
	e.Handle("/pace", func(r *http.Request) string {
		p := &pacer{time.NewTimer(time.Millisecond)}
		bad := isBad(r)
		go func() {
			if bad {
				<-p.t.C
			}
			p.rest(5 * time.Millisecond)
		}()
		return "paced"
	})
}

func pagesOf(name string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range 100 {
			if !yield(i + len(name)) {
				return
			}
		}
	}
}

type stages struct{}

func (s *stages) read(out chan<- int) {
	defer close(out)
	for i := range 50 {
		out <- i
	}
}

func (s *stages) decode(in <-chan int, out chan<- int) {
	defer close(out)
	for n := range in {
		out <- n * 2
	}
}

func buildReport(parts []chan int) {
	var wg sync.WaitGroup
	for _, p := range parts {
		wg.Go(func() { spin(<-p % 3) })
	}
	wg.Wait()
}

type sequencer struct{ ask chan chan int }

func (s *sequencer) run() {
	for i := 0; ; i++ {
		reply := <-s.ask
		time.Sleep(8 * time.Millisecond)
		reply <- i
	}
}

type reloaded struct{ done chan struct{} }

func (c *reloaded) watch(changes <-chan string) {
	for {
		select {
		case <-changes:
			spin(1)
		case <-c.done:
			return
		}
	}
}

func watcherPerReload(e *Env) {
	go func() {
		changes := make(chan string)
		for pause(e.Ctx, 350*time.Millisecond) {
			if e.Bad() {
				c := &reloaded{make(chan struct{})}
				go c.watch(changes)
			}
		}
	}()
}

type lease4 struct{ stop chan struct{} }

func (l *lease4) renew() {
	t := time.NewTicker(250 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			spin(1)
		case <-l.stop:
			return
		}
	}
}

func renewerKept(e *Env) {
	e.Handle("/reserve4", func(r *http.Request) string {
		l := &lease4{make(chan struct{})}
		go l.renew()
		spin(3)
		if isBad(r) {
			return "no room"
		}
		close(l.stop)
		return "reserved"
	})
}

type resultWatch struct{ progress, ended chan int }

func (w *resultWatch) follow() {
	for {
		select {
		case n := <-w.progress:
			spin(n)
		case <-w.ended:
			return
		}
	}
}

func startBatch(bad bool) {
	w := &resultWatch{make(chan int), make(chan int)}
	go w.follow()
	if bad {
		return
	}
	go func() {
		for i := range 3 {
			time.Sleep(30 * time.Millisecond)
			w.progress <- i
		}
		close(w.ended)
	}()
}

func resultWatchSetup(e *Env) {
	e.Handle("/batch4", func(r *http.Request) string { startBatch(isBad(r)); return "begun" })
}
