package app

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

func tenthFineParts() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "walk_try_go", Short: true, Setup: walkTryGo, Load: getEvery("/reindex10", 450*ms),
			About: "a tree is walked by an errgroup that lends a hand when it can; a walk takes 1.6 s, and each request starts one"},
		{Name: "snapshot_queue", Late: true, Setup: snapshotQueue, Load: carts10,
			About: "an actor for each cart leaves after 1.2 s idle, by way of a snapshot, for which there is one slot: 150 ms each, and queues after a burst"},
		{Name: "socket_backpressure", Late: true, Setup: socketBackpressure, Load: burstTalkers10,
			About: "eight sockets stay; each sends bursts that its processor takes 300 ms a message for, so that its reader waits at a full inbox"},
		{Name: "room_tokens", Setup: roomTokens, Load: quietMembers10,
			About: "five messages at once are told to six members; those who write wait for the socket's token, 250 ms each"},
		{Name: "keepalives_read", Setup: keepalivesRead,
			About: "a job of 2.7 s reads its lease's keep-alives every 900 ms; the keeper waits when its channel of four is full, and ends with the job"},
		{Name: "cumulative_acks", Late: true, Setup: cumulativeAcks,
			About: "an outbox sends three rows every 400 ms, whose goroutines wait on a condition for an acknowledgement of all up to a row, every 1.6 s"},
		{Name: "config_generations", Late: true, Setup: configGenerations,
			About: "fourteen components, started one after the other, wait for the configuration's next generation, which comes once, at 3.1 s"},
	}
}

func walkTryGo(e *Env) {
	var visit func(g *errgroup.Group, depth int) error
	visit = func(g *errgroup.Group, depth int) error {
		if depth == 0 {
			pause(e.Ctx, 120*time.Millisecond)
			return nil
		}
		for range 4 {
			child := func() error { return visit(g, depth-1) }
			if !g.TryGo(child) {
				_ = child()
			}
		}
		return nil
	}
	e.Handle("/reindex10", func(*http.Request) string {
		go func() {
			var g errgroup.Group
			g.SetLimit(5)
			g.Go(func() error { return visit(&g, 3) })
			_ = g.Wait()
		}()
		return "started"
	})
}

func snapshotQueue(e *Env) {
	slot := make(chan struct{}, 1)
	var mu sync.Mutex
	carts := map[string]chan int{}
	live := func(key string, items chan int) {
		for idle := false; !idle; {
			select {
			case n := <-items:
				spin(n)
			case <-time.After(1200 * time.Millisecond):
				idle = true
			case <-e.Ctx.Done():
				return
			}
		}
		mu.Lock()
		delete(carts, key)
		mu.Unlock()
		slot <- struct{}{}
		time.Sleep(150 * time.Millisecond)
		<-slot
	}
	e.Handle("/cart10", func(r *http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		key := r.FormValue("key")
		items := carts[key]
		if items == nil {
			items = make(chan int, 8)
			carts[key] = items
			go live(key, items)
		}
		select {
		case items <- 2:
			return "put"
		default:
			return "full"
		}
	})
}

// carts10 fills a new cart every 170 ms, and twelve at once after two seconds.
func carts10(c *Client) {
	c.Every(170*time.Millisecond, func(i int) {
		c.Get(fmt.Sprint("/cart10?key=", i))
		if i == 12 {
			for n := range 12 {
				c.Get(fmt.Sprint("/cart10?key=b", n))
			}
		}
		if pause(c.Ctx, 600*time.Millisecond) {
			c.Get(fmt.Sprint("/cart10?key=", i))
		}
	})
}

func socketBackpressure(e *Env) {
	e.Mux.HandleFunc("/steady10", func(w http.ResponseWriter, r *http.Request) {
		conn := hijacked8(w)
		inbox := make(chan string, 4)
		go func() {
			defer conn.Close()
			defer close(inbox)
			in := bufio.NewScanner(conn)
			for in.Scan() {
				inbox <- in.Text()
			}
		}()
		go func() {
			for m := range inbox {
				spin(len(m))
				time.Sleep(300 * time.Millisecond)
			}
		}()
	})
}

func burstTalkers10(c *Client) {
	for range 8 {
		conn := c.socket("/steady10")
		if conn == nil {
			return
		}
		go func() {
			for n := 0; ; n++ {
				for range 11 {
					fmt.Fprintln(conn, "message", n)
				}
				if !pause(c.Ctx, 3500*time.Millisecond) {
					conn.Close()
					return
				}
			}
		}()
		pause(c.Ctx, 200*time.Millisecond)
	}
	c.Every(60*time.Millisecond, func(int) { c.Get("/ping") })
}

func roomTokens(e *Env) {
	var mu sync.Mutex
	members := map[net.Conn]chan struct{}{}
	e.Mux.HandleFunc("/room10", func(w http.ResponseWriter, r *http.Request) {
		conn := hijacked8(w)
		token := make(chan struct{}, 1)
		mu.Lock()
		members[conn] = token
		mu.Unlock()
		in := bufio.NewScanner(conn)
		for in.Scan() {
			spin(1)
		}
		conn.Close()
	})
	inTurn(e, 1600*time.Millisecond, func(int) {
		mu.Lock()
		defer mu.Unlock()
		for conn, token := range members {
			for range 5 {
				go func() {
					token <- struct{}{}
					fmt.Fprintln(conn, "news")
					time.Sleep(250 * time.Millisecond)
					<-token
				}()
			}
		}
	})
}

func quietMembers10(c *Client) {
	for range 6 {
		if conn := c.socket("/room10"); conn != nil {
			defer conn.Close()
		}
	}
	c.Every(60*time.Millisecond, func(int) { c.Get("/ping") })
}

func keepalivesRead(e *Env) {
	drive(e, 380*time.Millisecond, func(int) {
		answers, revoked := make(chan int, 4), make(chan struct{})
		go func() {
			t := time.NewTicker(150 * time.Millisecond)
			defer t.Stop()
			for {
				select {
				case <-t.C:
				case <-revoked:
					return
				}
				select {
				case answers <- 1:
				case <-revoked:
					return
				}
			}
		}()
		defer close(revoked)
		for range 3 {
			if !pause(e.Ctx, 900*time.Millisecond) {
				return
			}
			for range len(answers) {
				spin(<-answers)
			}
		}
	})
}
