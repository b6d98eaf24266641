package app

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

func tenthLeakParts() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "socket_write_token", Late: true, Leaks: []string{"member10).send"}, Setup: socketWriteToken, Load: visitors10,
			About: "writers to a socket pass a token on; a failed write keeps it, and members who left without a word are still told everything"},
		{Name: "walk_in_group", Short: true, Leaks: []string{"tree10).visit", "tree10).index"}, Setup: walkInGroup, Load: badEvery("/index10", 70*ms, 8),
			About: "a tree is walked by an errgroup whose members start their children in the same group; a wide tree fills its limit with those that wait"},
		{Name: "actor_asks_itself", Late: true, Leaks: []string{"account10).ask"}, Setup: actorAsksItself, Load: badEvery("/transfer10", 50*ms, 9),
			About: "an account's actor asks the other account and waits; a transfer from an account to itself waits for ever, and so do all later ones in the background"},
		{Name: "one_cond_two_kinds", Leaks: []string{"buffer10).put", "buffer10).take"}, Setup: oneCondTwoKinds,
			About: "a batch's producers and consumers share one condition, and a signal may wake the wrong kind"},
		{Name: "compensations_counted", Long: true, Leaks: []string{"booking10).compensate"}, Setup: compensationsCounted, Load: badEvery("/book10", 25*ms, 40),
			About: "a booking that fails undoes its steps and waits for all four, though only those begun before the failure answer; one in forty"},
		{Name: "keepalive_unread", Late: true, Leaks: []string{"lease10).keep"}, Setup: keepaliveUnread,
			About: "a job's lease is kept alive by a ticker, whose answers go to a channel of four; every other job ends without revoking it"},
	}
}

type tree10 struct {
	group errgroup.Group
	width int
}

func (t *tree10) visit(depth int) error {
	time.Sleep(3 * time.Millisecond)
	if depth == 0 {
		return nil
	}
	for range t.width {
		t.group.Go(func() error { return t.visit(depth - 1) })
	}
	return nil
}

func (t *tree10) index() {
	t.group.SetLimit(4)
	t.group.Go(func() error { return t.visit(2) })
	_ = t.group.Wait()
}

func walkInGroup(e *Env) {
	e.Handle("/index10", func(r *http.Request) string {
		t := &tree10{width: 1}
		if isBad(r) {
			t.width = 5
		}
		go t.index()
		return "indexing"
	})
}

type question10 struct {
	amount int
	to     *account10
	reply  chan int
}

type account10 struct {
	inbox   chan question10
	balance int
}

func (a *account10) ask(amount int, to *account10) int {
	q := question10{amount, to, make(chan int)}
	a.inbox <- q
	return <-q.reply
}

func (a *account10) run(e *Env) {
	for {
		select {
		case q := <-a.inbox:
			if q.to != nil {
				a.balance -= q.to.ask(q.amount, nil)
			} else {
				a.balance += q.amount
			}
			q.reply <- q.amount
		case <-e.Ctx.Done():
			return
		}
	}
}

func actorAsksItself(e *Env) {
	var accounts [5]*account10
	for i := range accounts {
		accounts[i] = &account10{inbox: make(chan question10, 2)}
		go accounts[i].run(e)
	}
	n := 0
	var mu sync.Mutex
	e.Handle("/transfer10", func(r *http.Request) string {
		mu.Lock()
		n++
		from := n % 4
		mu.Unlock()
		to := accounts[4]
		switch {
		case isBad(r):
			from, to = 2, accounts[2]
		case from == 2 && !e.Bad():
			from = 3
		}
		go accounts[from].ask(5, to)
		return "on its way"
	})
}

type buffer10 struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []int
}

func (b *buffer10) put(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) == 1 {
		b.cond.Wait()
	}
	b.items = append(b.items, n)
	b.cond.Signal()
}

func (b *buffer10) take() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) == 0 {
		b.cond.Wait()
	}
	n := b.items[0]
	b.items = b.items[1:]
	b.cond.Signal()
	return n
}

func oneCondTwoKinds(e *Env) {
	inTurn(e, 350*time.Millisecond, func(int) {
		b := &buffer10{}
		b.cond = sync.NewCond(&b.mu)
		for range 3 {
			go func() {
				for n := range 20 {
					spin(n % 7)
					b.put(n)
				}
			}()
			go func() {
				for range 20 {
					spin(b.take() % 5)
				}
			}()
		}
	})
}

type booking10 struct{ undone chan int }

func (b *booking10) step(n int) {
	time.Sleep(time.Duration(2+n) * time.Millisecond)
	b.undone <- n
}

func (b *booking10) compensate() {
	for range 4 {
		spin(<-b.undone)
	}
}

func compensationsCounted(e *Env) {
	e.Handle("/book10", func(r *http.Request) string {
		if r.FormValue("i") == "" {
			return "nothing to book"
		}
		b := &booking10{make(chan int)}
		begun := 4
		if isBad(r) {
			begun = 2
		}
		for n := range begun {
			go b.step(n)
		}
		go b.compensate()
		return fmt.Sprint("undone ", begun)
	})
}

type lease10 struct {
	answers chan int
	revoked chan struct{}
}

func (l *lease10) keep() {
	t := time.NewTicker(150 * time.Millisecond)
	defer t.Stop()
	for n := 0; ; n++ {
		select {
		case <-t.C:
			l.answers <- n
		case <-l.revoked:
			return
		}
	}
}

func keepaliveUnread(e *Env) {
	drive(e, 200*time.Millisecond, func(i int) {
		l := &lease10{make(chan int, 4), make(chan struct{})}
		go l.keep()
		<-l.answers
		spin(4)
		if i%2 == 0 || !e.Bad() {
			close(l.revoked)
		}
	})
}
