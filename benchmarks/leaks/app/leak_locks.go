package app

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

func leaksOfLocks() []Scenario {
	return []Scenario{
		{Name: "account_mutex", Late: true, Leaks: []string{"account).withdraw"}, Setup: accountMutex, Load: rareBad("/withdraw", 40*time.Millisecond, 25),
			Follows: []string{"connReader).backgroundRead"},
			About:   "withdraw returns on insufficient funds with the account's mutex held; later handlers on that account wait for it for ever"},
		{Name: "ledger_order", Leaks: []string{"ledger).transfer"}, Setup: ledgerOrder, Load: badEvery("/transfer", 40*time.Millisecond, 1),
			About: "transfers lock two accounts in the order of their arguments; two of them deadlock and later transfers pile up behind"},
		{Name: "cond_close", Leaks: []string{"jobQueue).take"}, Setup: condClose, Load: badEvery("/batch", 80*time.Millisecond, 1),
			About: "a request's job queue is closed by Signal where Broadcast was needed: two of its three consumers stay in Cond.Wait"},
		{Name: "semaphore_token", Late: true, Leaks: []string{"renderer).acquire"}, Follows: []string{"connReader).backgroundRead"},
			Setup: semaphoreToken, Load: rareBad("/render", 40*time.Millisecond, 10),
			About: "a failing render does not give its token back; after four failures every handler waits for a token for ever"},
		{Name: "rlock_lost", Leaks: []string{"catalog)"}, Follows: []string{"connReader).backgroundRead"}, Setup: rlockLost, Load: catalogLoad,
			About: "a look-up that finds nothing returns with the read lock held; the reloading writer waits for ever, and all readers behind it"},
		{Name: "flight_stuck", Leaks: []string{"flights).do"}, Setup: flightStuck, Load: badEvery("/profile", 50*time.Millisecond, 1),
			About: "the leader of a single flight waits for a reply that was dropped; handlers give up after 100 ms, leader and followers' goroutines stay"},
		{Name: "limiter_queue", Leaks: []string{"limiter).wait"}, Setup: limiterQueue, Load: badEvery("/send", 50*time.Millisecond, 1),
			About: "the goroutine that feeds the limiter's tokens ends on an error at 2 s; senders, which do not look at a context, wait for ever"},
		{Name: "once_reentrant", Leaks: []string{"geoTable)"}, Follows: []string{"connReader).backgroundRead"},
			Setup: onceReentrant, Load: badEvery("/geo", 150*time.Millisecond, 1),
			About: "a lazy load calls, by way of a validator, the getter it is called from: Once waits for itself, and all handlers for it"},
		{Name: "rw_upgrade", Leaks: []string{"quota)"}, Follows: []string{"connReader).backgroundRead"}, Setup: rwUpgrade,
			Load: badEvery("/quota", 50*time.Millisecond, 1), About: "one tenant's quota is upgraded from read lock to write lock by the holder itself; that tenant's handlers all hang, others go on"},
	}
}

// rareBad asks for path; from the nth request on every nth is bad.
func rareBad(path string, period time.Duration, nth int) func(*Client) {
	return func(c *Client) {
		c.Every(period, func(i int) {
			if i > 0 && i%nth == 0 {
				c.GetFor(fmt.Sprintf("%s?i=%d&bad=1", path, i), 400*time.Millisecond)
			} else {
				c.GetFor(fmt.Sprintf("%s?i=%d", path, i), 400*time.Millisecond)
			}
		})
	}
}

type account struct {
	mu    sync.Mutex
	cents int
}

var errFunds = errors.New("insufficient funds")

func (a *account) withdraw(cents int) error {
	a.mu.Lock()
	if a.cents < cents {
		return errFunds
	}
	a.cents -= cents
	a.mu.Unlock()
	return nil
}

func accountMutex(e *Env) {
	accounts := make([]*account, 10)
	for i := range accounts {
		accounts[i] = &account{cents: 1 << 30}
	}
	e.Handle("/withdraw", func(r *http.Request) string {
		i, _ := strconv.Atoi(r.FormValue("i"))
		cents := 100
		if isBad(r) {
			cents = 1 << 40
		}
		return fmt.Sprint(accounts[i%len(accounts)].withdraw(cents))
	})
}

type ledger struct {
	accounts [4]account
}

func (l *ledger) transfer(from, to, cents int) {
	l.accounts[from].mu.Lock()
	defer l.accounts[from].mu.Unlock()
	time.Sleep(3 * time.Millisecond)
	l.accounts[to].mu.Lock()
	defer l.accounts[to].mu.Unlock()
	l.accounts[from].cents -= cents
	l.accounts[to].cents += cents
}

func ledgerOrder(e *Env) {
	l := &ledger{}
	e.Handle("/transfer", func(r *http.Request) string {
		i, _ := strconv.Atoi(r.FormValue("i"))
		go l.transfer(i%4, (i+1)%4, 5)
		if i == 40 {
			go l.transfer((i+1)%4, i%4, 5)
		}
		return "accepted"
	})
}

type jobQueue struct {
	mu     sync.Mutex
	more   *sync.Cond
	jobs   []int
	closed bool
}

func (q *jobQueue) take() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.jobs) == 0 && !q.closed {
		q.more.Wait()
	}
	if len(q.jobs) == 0 {
		return 0, false
	}
	job := q.jobs[0]
	q.jobs = q.jobs[1:]
	return job, true
}

func (q *jobQueue) put(job int) {
	q.mu.Lock()
	q.jobs = append(q.jobs, job)
	q.mu.Unlock()
	q.more.Signal()
}

func (q *jobQueue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.more.Signal()
}

func (q *jobQueue) consume() {
	for {
		job, ok := q.take()
		if !ok {
			return
		}
		spin(job)
	}
}

func condClose(e *Env) {
	e.Handle("/batch", func(r *http.Request) string {
		q := &jobQueue{}
		q.more = sync.NewCond(&q.mu)
		for range 3 {
			go q.consume()
		}
		for i := range 9 {
			q.put(i)
		}
		time.Sleep(4 * time.Millisecond)
		q.close()
		return "done"
	})
}

type renderer struct{ tokens chan struct{} }

func (s *renderer) acquire() { s.tokens <- struct{}{} }

func (s *renderer) render(bad bool) (string, error) {
	s.acquire()
	time.Sleep(8 * time.Millisecond)
	if bad {
		return "", errors.New("template is broken")
	}
	<-s.tokens
	return "page", nil
}

func semaphoreToken(e *Env) {
	s := &renderer{tokens: make(chan struct{}, 4)}
	e.Handle("/render", func(r *http.Request) string {
		page, _ := s.render(isBad(r))
		return page
	})
}

type catalog struct {
	mu    sync.RWMutex
	items map[string]int
}

func (c *catalog) find(name string) (int, bool) {
	c.mu.RLock()
	price, ok := c.items[name]
	if !ok {
		return 0, false
	}
	c.mu.RUnlock()
	return price, true
}

func (c *catalog) reload() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.items["tea"]++
}

func rlockLost(e *Env) {
	c := &catalog{items: map[string]int{"tea": 3}}
	go func() {
		for pause(e.Ctx, 500*time.Millisecond) {
			c.reload()
		}
	}()
	e.Handle("/find", func(r *http.Request) string { return fmt.Sprint(c.find(r.FormValue("name"))) })
}

func catalogLoad(c *Client) {
	c.Every(60*time.Millisecond, func(i int) {
		name := "tea"
		if i == 30 {
			name = "unobtainium"
		}
		c.GetFor("/find?name="+name, 300*time.Millisecond)
	})
}

type flight struct {
	wg  sync.WaitGroup
	val string
}

type flights struct {
	mu sync.Mutex
	m  map[string]*flight
}

func (f *flights) do(key string, fetch func() string) string {
	f.mu.Lock()
	if running := f.m[key]; running != nil {
		f.mu.Unlock()
		running.wg.Wait()
		return running.val
	}
	mine := &flight{}
	mine.wg.Add(1)
	f.m[key] = mine
	f.mu.Unlock()
	mine.val = fetch()
	f.mu.Lock()
	delete(f.m, key)
	f.mu.Unlock()
	mine.wg.Done()
	return mine.val
}

func flightStuck(e *Env) {
	f := &flights{m: map[string]*flight{}}
	e.Handle("/profile", func(r *http.Request) string {
		i, _ := strconv.Atoi(r.FormValue("i"))
		result := make(chan string, 1)
		go func() { result <- f.do(strconv.Itoa(i%6), func() string { return askBackend(i != 33) }) }()
		select {
		case v := <-result:
			return v
		case <-time.After(100 * time.Millisecond):
			return "unavailable"
		}
	})
}

// askBackend waits for a reply; one that is dropped never comes.
func askBackend(replies bool) string {
	reply := make(chan string)
	if replies {
		time.AfterFunc(10*time.Millisecond, func() { reply <- "profile" })
	}
	return <-reply
}

type limiter struct{ tokens chan struct{} }

func (l *limiter) wait() { <-l.tokens }

func (l *limiter) feed(e *Env) error {
	for pause(e.Ctx, 20*time.Millisecond) {
		if time.Since(e.Started) > 2*time.Second {
			return errors.New("clock went backwards")
		}
		select {
		case l.tokens <- struct{}{}:
		default:
		}
	}
	return nil
}

func limiterQueue(e *Env) {
	l := &limiter{tokens: make(chan struct{}, 5)}
	go l.feed(e)
	e.Handle("/send", func(r *http.Request) string {
		go func() { l.wait(); spin(5) }()
		return "queued"
	})
}

type geoTable struct {
	once sync.Once
	rows map[string]int
}

func (g *geoTable) get() map[string]int {
	g.once.Do(g.load)
	return g.rows
}

func (g *geoTable) load() {
	time.Sleep(20 * time.Millisecond)
	g.rows = map[string]int{"ch": 41}
	g.validate()
}

func (g *geoTable) validate() {
	if len(g.get()) == 0 {
		g.rows = nil
	}
}

func onceReentrant(e *Env) {
	g := &geoTable{}
	e.Handle("/geo", func(r *http.Request) string { return strconv.Itoa(g.get()["ch"]) })
}

type quota struct {
	mu   sync.RWMutex
	left int
}

func (q *quota) use(upgrade bool) int {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if upgrade {
		q.mu.Lock()
		q.left = 100
		q.mu.Unlock()
	}
	return q.left
}

func rwUpgrade(e *Env) {
	var quotas [12]quota
	e.Handle("/quota", func(r *http.Request) string {
		i, _ := strconv.Atoi(r.FormValue("i"))
		return strconv.Itoa(quotas[i%12].use(i == 43))
	})
}
