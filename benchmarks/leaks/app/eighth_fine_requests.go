package app

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

func eighthFineRequests() []Scenario {
	ms := time.Millisecond
	return []Scenario{
		{Name: "tenant_mailboxes", Late: true, Setup: tenantMailboxes, Load: keysOnce8("/mail8", 12, 170*ms),
			About: "the first request of each of twelve tenants makes its mailbox, for good; letters come to two of them"},
		{Name: "one_slot", Late: true, Setup: oneSlot, Load: getEvery("/slot8", 500*ms),
			About: "work started by requests queues for one slot, which each keeps for up to 900 ms; more comes than goes for a while"},
		{Name: "cleanup_after", Late: true, Setup: cleanupAfter, Load: getEvery("/temp8", 130*ms),
			About: "each request leaves a goroutine that removes a file after 3.3 s, or at shutdown"},
		{Name: "room_writers", Late: true, Setup: roomWriters, Load: rooms8,
			About: "twenty hijacked connections with a reader and a writer; a room hears something now and then; clients stay"},
		{Name: "added_schedules", Late: true, Setup: addedSchedules, Load: keysOnce8("/schedule8", 10, 200*ms),
			About: "ten schedules are added by requests in the first two seconds; each waits 30 s or more for its hour, or to be removed"},
		{Name: "chunked_uploads", Late: true, Setup: chunkedUploads, Load: chunks8,
			About: "a POST opens an upload, whose goroutine gets chunks from later requests and ends with the last, after 2 to 4 s"},
		{Name: "payment_sagas", Late: true, Setup: paymentSagas, Load: getEvery("/order8", 110*ms),
			About: "an order waits for its payment, which mostly comes within 1.5 s, or gives up after 3.8 s"},
		{Name: "versioned_poll", Late: true, Setup: versionedPoll, Load: polls8,
			About: "sixteen long polls wait up to 8 s for a newer version, which seldom comes"},
		{Name: "projections", Late: true, Setup: projections, Load: events8,
			About: "the first event of each aggregate starts its projection, for good; new aggregates keep coming, and one event in three is for an earlier one"},
		{Name: "slow_downstream", Late: true, Setup: slowDownstream, Load: getEvery("/notify8", 140*ms), Upstream: answerAfter8,
			About: "each request leaves a call to a partner in the background, who takes 3.1 s to answer"},
	}
}

// keysOnce8 sends each of n keys once, one a period, and then goes on with the first two.
func keysOnce8(path string, n int, period time.Duration) func(*Client) {
	return func(c *Client) {
		c.Every(period, func(i int) {
			key := i
			if i >= n {
				key = i % 2
			}
			c.Get(fmt.Sprintf("%s?key=%d", path, key))
		})
	}
}

func tenantMailboxes(e *Env) {
	var mu sync.Mutex
	boxes := map[string]chan int{}
	e.Handle("/mail8", func(r *http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		box, known := boxes[r.FormValue("key")]
		if !known {
			box = make(chan int, 4)
			boxes[r.FormValue("key")] = box
			e.OnStop(func() { close(box) })
			go func() {
				for n := range box {
					spin(n)
				}
			}()
			return "made"
		}
		box <- 2
		return "sent"
	})
}

func oneSlot(e *Env) {
	slot := make(chan struct{}, 1)
	var mu sync.Mutex
	n := 0
	e.Handle("/slot8", func(*http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		if n++; n > 9 && n%2 == 0 {
			return "later"
		}
		go func(n int) {
			slot <- struct{}{}
			time.Sleep(time.Duration(500+100*(n%5)) * time.Millisecond)
			<-slot
		}(n)
		return "queued"
	})
}

func cleanupAfter(e *Env) {
	e.Handle("/temp8", func(*http.Request) string {
		go func() {
			select {
			case <-time.After(3300 * time.Millisecond):
				spin(2)
			case <-e.Ctx.Done():
			}
		}()
		return "written"
	})
}

// hijacked takes over a request's connection.
func hijacked8(w http.ResponseWriter) net.Conn {
	c, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n")
	_ = buf.Flush()
	return c
}

func roomWriters(e *Env) {
	var mu sync.Mutex
	rooms := map[int][]chan string{}
	members := 0
	e.Mux.HandleFunc("/room8", func(w http.ResponseWriter, r *http.Request) {
		c := hijacked8(w)
		out := make(chan string, 4)
		mu.Lock()
		rooms[members%7] = append(rooms[members%7], out)
		members++
		mu.Unlock()
		left := make(chan struct{})
		go func() {
			for {
				select {
				case m := <-out:
					io.WriteString(c, m)
				case <-left:
					return
				}
			}
		}()
		e.OnStop(func() { c.Close() })
		_, _ = io.Copy(io.Discard, c)
		close(left)
	})
	inTurn(e, 900*time.Millisecond, func(i int) {
		mu.Lock()
		defer mu.Unlock()
		for _, out := range rooms[i%2] {
			out <- "news\n"
		}
	})
}

func rooms8(c *Client) {
	for range 20 {
		conn, err := net.Dial("tcp", c.Addr)
		if err != nil {
			return
		}
		fmt.Fprintf(conn, "GET /room8 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n")
		go func() { _, _ = io.Copy(io.Discard, conn) }()
		if !pause(c.Ctx, 110*time.Millisecond) {
			return
		}
	}
	c.Every(60*time.Millisecond, func(int) { c.Get("/ping") })
}

func addedSchedules(e *Env) {
	var mu sync.Mutex
	known := map[string]chan struct{}{}
	e.Handle("/schedule8", func(r *http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		key := r.FormValue("key")
		if known[key] != nil {
			return "there"
		}
		removed := make(chan struct{})
		known[key] = removed
		e.OnStop(func() { close(removed) })
		go func() {
			t := time.NewTimer(time.Duration(30+len(known)) * time.Second)
			defer t.Stop()
			select {
			case <-t.C:
				spin(1)
			case <-removed:
			}
		}()
		return "added"
	})
}

func chunkedUploads(e *Env) {
	var mu sync.Mutex
	open := map[string]chan int{}
	e.Handle("/chunk8", func(r *http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		id := r.FormValue("id")
		chunks, known := open[id]
		switch {
		case r.FormValue("last") != "" && known:
			close(chunks)
			delete(open, id)
			return "whole"
		case known:
			chunks <- 1
			return "more"
		}
		chunks = make(chan int, 8)
		open[id] = chunks
		e.OnStop(func() {
			mu.Lock()
			defer mu.Unlock()
			if c := open[id]; c != nil {
				close(c)
				delete(open, id)
			}
		})
		go func() {
			for n := range chunks {
				spin(n)
			}
		}()
		return "opened"
	})
}

func chunks8(c *Client) {
	c.Every(190*time.Millisecond, func(i int) {
		path := fmt.Sprintf("/chunk8?id=%d", i)
		c.Get(path)
		half := time.Duration(1000+250*(i%5)) * time.Millisecond
		if pause(c.Ctx, half) {
			c.Get(path)
		}
		pause(c.Ctx, half)
		c.Get(path + "&last=1")
	})
}
