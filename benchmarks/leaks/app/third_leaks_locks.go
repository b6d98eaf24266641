package app

import (
	"net"
	"net/http"
	"sync"
	"time"
)

type book struct{ bids, asks sync.Mutex }

func (b *book) buy() {
	b.bids.Lock()
	defer b.bids.Unlock()
	time.Sleep(3 * time.Millisecond)
	b.asks.Lock()
	defer b.asks.Unlock()
	spin(1)
}

func (b *book) sell() {
	b.asks.Lock()
	defer b.asks.Unlock()
	time.Sleep(3 * time.Millisecond)
	b.bids.Lock()
	defer b.bids.Unlock()
	spin(1)
}

func twoLocks(e *Env) {
	b := &book{}
	e.Handle("/trade", func(r *http.Request) string {
		go b.buy()
		if isBad(r) {
			go b.sell()
		}
		return "placed"
	})
}

type feature struct{ ready chan struct{} }

func (f *feature) whenReady(do func()) {
	<-f.ready
	do()
}

func gateNever(e *Env) {
	f := &feature{make(chan struct{})}
	e.Handle("/enable", func(r *http.Request) string {
		if isBad(r) {
			go f.whenReady(func() { spin(1) })
		}
		return "will be enabled"
	})
}

type probeConn struct{ conn net.Conn }

func (p *probeConn) read() {
	for {
		if _, err := readFrame(p.conn); err != nil {
			return
		}
	}
}

func readerLeft(e *Env) {
	e.Handle("/probe", func(r *http.Request) string {
		if isBad(r) {
			p := &probeConn{e.dial()}
			writeFrame(p.conn, 1)
			go p.read()
		}
		return "probed"
	})
}

type prices2 struct {
	mu sync.RWMutex
	n  int
}

func (p *prices2) one() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.n
}

func (p *prices2) sum() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	time.Sleep(20 * time.Millisecond)
	return p.one() + p.one()
}

func (p *prices2) update() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
}

func rlockTwice(e *Env) {
	p := &prices2{}
	go func() {
		for pause(e.Ctx, 15*time.Millisecond) && time.Since(e.Started) < 1500*time.Millisecond {
		}
		p.update()
	}()
	e.Handle("/price2", func(r *http.Request) string {
		go func() { spin(p.sum() % 3) }()
		return "summed"
	})
	go func() {
		for pause(e.Ctx, 40*time.Millisecond) {
			p.update()
		}
	}()
}

type latch struct {
	mu   sync.Mutex
	cond *sync.Cond
}

func newLatch() *latch {
	l := &latch{}
	l.cond = sync.NewCond(&l.mu)
	return l
}

func (l *latch) await() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cond.Wait()
}

func lostWakeup(e *Env) {
	e.Handle("/submit", func(r *http.Request) string {
		l := newLatch()
		if isBad(r) {
			l.cond.Signal()
			go l.await()
			return "submitted"
		}
		go l.await()
		time.Sleep(10 * time.Millisecond)
		l.cond.Broadcast()
		return "done"
	})
}

type apiClient struct{ token int }

func (c *apiClient) refreshToken() {
	for {
		time.Sleep(500 * time.Millisecond)
		c.token = spin(1)
	}
}

func refreshSleeper(e *Env) {
	e.Handle("/call", func(r *http.Request) string {
		if isBad(r) {
			go (&apiClient{}).refreshToken()
		}
		return "called"
	})
}

func crawl(slots chan struct{}, bad bool) {
	go func() {
		slots <- struct{}{}
		if bad {
			return
		}
		time.Sleep(5 * time.Millisecond)
		<-slots
	}()
}

func slotKept(e *Env) {
	slots := make(chan struct{}, 5)
	e.Handle("/crawl", func(r *http.Request) string { crawl(slots, isBad(r)); return "crawling" })
}
