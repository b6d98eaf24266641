package app

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

func fineWorkers() []Scenario {
	return []Scenario{
		{Name: "pool_idle", Late: true, Setup: poolIdle, About: "sixteen workers wait for jobs that do not come; the queue is closed at shutdown"},
		{Name: "pool_busy", Setup: poolBusy, Load: getEvery("/work", 30*time.Millisecond), About: "eight workers serve a queue"},
		{Name: "pool_elastic", Late: true, Setup: poolElastic, Load: burst("/work", 60), About: "a burst grows a pool; a worker ends after 10 s without a job"},
		{Name: "key_actors", Late: true, Setup: keyActors, Load: growingKeys, About: "an actor for each key, ended after 15 s idle; new keys keep coming, all younger than that"},
		{Name: "batchers", Setup: batchers, Load: getEvery("/add", 50*time.Millisecond), About: "batchers by key flush at 50 items or after 1 s or 5 s"},
		{Name: "refreshers", Setup: refreshers, About: "background refreshers on tickers of 1 s, 7 s, 30 s and 5 min"},
		{Name: "janitors", Late: true, Setup: janitors, Load: getEvery("/get", 60*time.Millisecond), About: "32 cache shards with a janitor each on a 30 s ticker"},
		{Name: "lease_loop", Setup: leaseLoop, About: "a leader renews its lease every second; two candidates wait for it to be lost; followers wait for a change of leader"},
		{Name: "compactors", Setup: compactors, Load: getEvery("/put", 40*time.Millisecond), About: "eight compactor threads park on a Cond and are woken one at a time when enough was written"},
		{Name: "supervisors", Setup: supervisors, About: "a tree of supervisors that wait for their children to exit; some children are restarted, others run for ever"},
		{Name: "pubsub_long", Late: true, Setup: pubsubLong, About: "twelve subscribers for the process's life time, on topics of which most are silent"},
		{Name: "fan_in", Setup: fanIn, About: "a merger with a goroutine for each of ten inputs, six of which never say anything during the recording"},
		{Name: "cleanup_timer", Setup: cleanupTimer, Load: getEvery("/upload", 60*time.Millisecond), About: "each request leaves a temporary file that time.AfterFunc removes 8 s later"},
		{Name: "cleanup_sleeper", Setup: cleanupSleeper, Load: getEvery("/upload", 60*time.Millisecond), About: "each request leaves a goroutine that removes its temporary file after 8 s, or at shutdown"},
		{Name: "tenant_reaped", Setup: tenantReaped, Load: getEvery("/tenant", 70*time.Millisecond), About: "workers of tenants that went are ended by a reaper, two seconds after their last job"},
	}
}

func startPool(e *Env, n int) chan<- int {
	jobs := make(chan int, 16)
	for range n {
		go func() {
			for job := range jobs {
				time.Sleep(3 * time.Millisecond)
				spin(job)
			}
		}()
	}
	e.OnStop(func() { close(jobs) })
	return jobs
}

func poolIdle(e *Env) { startPool(e, 16) }

func poolBusy(e *Env) {
	jobs := startPool(e, 8)
	e.Handle("/work", func(*http.Request) string { jobs <- 3; return "queued" })
}

type elastic struct{ jobs chan func() }

func (p *elastic) submit(ctx context.Context, job func()) {
	select {
	case p.jobs <- job:
	default:
		go p.work(ctx, job)
	}
}

func (p *elastic) work(ctx context.Context, job func()) {
	idle := time.NewTimer(10 * time.Second)
	defer idle.Stop()
	for {
		job()
		idle.Reset(10 * time.Second)
		select {
		case job = <-p.jobs:
		case <-idle.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func poolElastic(e *Env) {
	p := &elastic{jobs: make(chan func())}
	e.Handle("/work", func(*http.Request) string {
		done := make(chan struct{})
		p.submit(e.Ctx, func() { time.Sleep(40 * time.Millisecond); close(done) })
		<-done
		return "done"
	})
}

// burst asks n times at once after 1 s, and now and then otherwise.
func burst(path string, n int) func(*Client) {
	return func(c *Client) {
		c.Every(250*time.Millisecond, func(i int) {
			if i != 4 {
				c.Get(path)
				return
			}
			var wg sync.WaitGroup
			for range n {
				wg.Go(func() { c.Get(path) })
			}
			wg.Wait()
		})
	}
}

type actor struct{ inbox chan int }

func (a *actor) run(ctx context.Context, forget func()) {
	defer forget()
	for {
		select {
		case m := <-a.inbox:
			spin(m)
		case <-time.After(15 * time.Second):
			return
		case <-ctx.Done():
			return
		}
	}
}

func keyActors(e *Env) {
	var mu sync.Mutex
	actors := map[string]*actor{}
	e.Handle("/tell", func(r *http.Request) string {
		key := r.FormValue("key")
		mu.Lock()
		a := actors[key]
		if a == nil {
			a = &actor{inbox: make(chan int, 4)}
			actors[key] = a
			go a.run(e.Ctx, func() { mu.Lock(); delete(actors, key); mu.Unlock() })
		}
		mu.Unlock()
		a.inbox <- 2
		return key
	})
}

func growingKeys(c *Client) {
	c.Every(50*time.Millisecond, func(i int) { c.Get("/tell?key=" + strconv.Itoa(i*i%(10+i/2))) })
}

type batcher struct {
	items   chan int
	maxWait time.Duration
}

func (b *batcher) run(ctx context.Context) {
	var batch []int
	t := time.NewTicker(b.maxWait)
	defer t.Stop()
	for {
		select {
		case i := <-b.items:
			if batch = append(batch, i); len(batch) < 50 {
				continue
			}
		case <-t.C:
		case <-ctx.Done():
			return
		}
		spin(len(batch))
		batch = nil
	}
}

func batchers(e *Env) {
	var all []*batcher
	for i := range 10 {
		b := &batcher{items: make(chan int, 8), maxWait: time.Second}
		if i%2 == 1 {
			b.maxWait = 5 * time.Second
		}
		go b.run(e.Ctx)
		all = append(all, b)
	}
	e.Handle("/add", func(r *http.Request) string {
		i, _ := strconv.Atoi(r.FormValue("i"))
		all[i%4].items <- i
		return "added"
	})
}

func refresh(ctx context.Context, every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			spin(20)
		case <-ctx.Done():
			return
		}
	}
}

func refreshers(e *Env) {
	for _, every := range []time.Duration{time.Second, 7 * time.Second, 30 * time.Second, 5 * time.Minute} {
		go refresh(e.Ctx, every)
	}
}

type shard struct {
	mu    sync.Mutex
	items map[string]int
}

func (s *shard) janitor(ctx context.Context) {
	t := time.NewTicker(30 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			s.mu.Lock()
			clear(s.items)
			s.mu.Unlock()
		case <-ctx.Done():
			return
		}
	}
}

func janitors(e *Env) {
	shards := make([]*shard, 32)
	for i := range shards {
		shards[i] = &shard{items: map[string]int{}}
		go shards[i].janitor(e.Ctx)
	}
	e.Handle("/get", func(r *http.Request) string {
		i, _ := strconv.Atoi(r.FormValue("i"))
		s := shards[i%len(shards)]
		s.mu.Lock()
		defer s.mu.Unlock()
		s.items[r.FormValue("i")]++
		return "hit"
	})
}

func leaseLoop(e *Env) {
	lost, changed := make(chan struct{}), make(chan string)
	campaign := func(name string) {
		select {
		case <-lost:
			changed <- name
		case <-e.Ctx.Done():
		}
	}
	follow := func() {
		for {
			select {
			case name := <-changed:
				spin(len(name))
			case <-e.Ctx.Done():
				return
			}
		}
	}
	go refresh(e.Ctx, time.Second)
	go campaign("b")
	go campaign("c")
	for range 3 {
		go follow()
	}
}

type compaction struct {
	mu      sync.Mutex
	due     *sync.Cond
	pending int
	closed  bool
}

func (c *compaction) thread() {
	for {
		c.mu.Lock()
		for c.pending < 20 && !c.closed {
			c.due.Wait()
		}
		if c.closed {
			c.mu.Unlock()
			return
		}
		c.pending -= 20
		c.mu.Unlock()
		spin(100)
	}
}

func compactors(e *Env) {
	c := &compaction{}
	c.due = sync.NewCond(&c.mu)
	for range 8 {
		go c.thread()
	}
	e.Handle("/put", func(*http.Request) string {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.pending++; c.pending == 20 {
			c.due.Signal()
		}
		return "written"
	})
	e.OnStop(func() {
		c.mu.Lock()
		c.closed = true
		c.mu.Unlock()
		c.due.Broadcast()
	})
}

// supervise runs child again and again, and waits for it, until the context ends.
func supervise(ctx context.Context, child func(context.Context)) {
	for ctx.Err() == nil {
		exited := make(chan struct{})
		go func() { defer close(exited); child(ctx) }()
		<-exited
	}
}

func supervisors(e *Env) {
	failing := func(ctx context.Context) { pause(ctx, 1300*time.Millisecond) }
	steady := func(ctx context.Context) { <-ctx.Done() }
	branch := func(leaf func(context.Context)) func(context.Context) {
		return func(ctx context.Context) {
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() { supervise(ctx, leaf) })
			}
			wg.Wait()
		}
	}
	go supervise(e.Ctx, branch(failing))
	go supervise(e.Ctx, branch(steady))
}

func pubsubLong(e *Env) {
	topics := make([]*hub, 4)
	for i := range topics {
		topics[i] = &hub{subs: map[chan string]bool{}}
		for range 3 {
			sub := topics[i].subscribe(4)
			go func() {
				for m := range sub {
					spin(len(m))
				}
			}()
			e.OnStop(func() { topics[i].unsubscribe(sub) })
		}
	}
	go topics[0].publishEvery(e, 400*time.Millisecond)
}

func fanIn(e *Env) {
	merged := make(chan int)
	for i := range 10 {
		in := make(chan int)
		go func() {
			for v := range in {
				select {
				case merged <- v:
				case <-e.Ctx.Done():
				}
			}
		}()
		go func() {
			defer close(in)
			wait := 300 * time.Millisecond
			if i >= 4 {
				wait = time.Minute
			}
			for pause(e.Ctx, wait) {
				in <- i
			}
		}()
	}
	go func() {
		for {
			select {
			case v := <-merged:
				spin(v)
			case <-e.Ctx.Done():
				return
			}
		}
	}()
}

func cleanupTimer(e *Env) {
	e.Handle("/upload", func(*http.Request) string {
		time.AfterFunc(8*time.Second, func() { spin(1) })
		return "stored"
	})
}

func removeLater(ctx context.Context, name string) {
	pause(ctx, 8*time.Second)
	spin(len(name))
}

func cleanupSleeper(e *Env) {
	e.Handle("/upload", func(r *http.Request) string {
		go removeLater(e.Ctx, fmt.Sprint("upload-", r.FormValue("i")))
		return "stored"
	})
}

func tenantReaped(e *Env) {
	var mu sync.Mutex
	tenants, seen := map[string]*tenant{}, map[string]time.Time{}
	reap := func(idle time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		for id, t := range tenants {
			if time.Since(seen[id]) >= idle {
				close(t.jobs)
				delete(tenants, id)
			}
		}
	}
	go func() {
		for pause(e.Ctx, 500*time.Millisecond) {
			reap(2 * time.Second)
		}
	}()
	e.OnStop(func() { reap(0) })
	e.Handle("/tenant", func(r *http.Request) string {
		id := r.FormValue("i")
		mu.Lock()
		defer mu.Unlock()
		t := tenants[id]
		if t == nil {
			t = &tenant{jobs: make(chan int, 4)}
			tenants[id] = t
			go t.work()
		}
		seen[id] = time.Now()
		t.jobs <- 2
		return id
	})
}
