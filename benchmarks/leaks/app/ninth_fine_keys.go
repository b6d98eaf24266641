package app

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

func eighteenTenants(e *Env) {
	var mu sync.Mutex
	tenants := map[string]chan int{}
	e.Handle("/tenant9", func(r *http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		id := r.FormValue("id")
		t, known := tenants[id]
		if !known {
			t = make(chan int, 4)
			tenants[id] = t
			e.OnStop(func() { close(t) })
			go func() {
				for n := range t {
					spin(n)
				}
			}()
		}
		t <- 1
		return "ok"
	})
}

func tenants9(c *Client) {
	c.Every(140*time.Millisecond, func(i int) {
		if i >= 18 {
			i = i % 3 * 5
		}
		c.Get(fmt.Sprintf("/tenant9?id=%d", i))
	})
}

func quietSubscriptions(e *Env) {
	var mu sync.Mutex
	known := map[string]bool{}
	e.Handle("/subscribe9", func(r *http.Request) string {
		mu.Lock()
		defer mu.Unlock()
		key := r.FormValue("key")
		if known[key] {
			return "there"
		}
		known[key] = true
		news := make(chan string)
		e.OnStop(func() { close(news) })
		go func() {
			for n := range news {
				spin(len(n))
			}
		}()
		return "made"
	})
}

func windowWaiters(e *Env) {
	var mu sync.Mutex
	window := make(chan struct{})
	inTurn(e, 2200*time.Millisecond, func(int) {
		mu.Lock()
		close(window)
		window = make(chan struct{})
		mu.Unlock()
	})
	e.OnStop(func() { mu.Lock(); defer mu.Unlock(); close(window) })
	e.Handle("/window9", func(*http.Request) string {
		mu.Lock()
		mine := window
		mu.Unlock()
		go func() {
			<-mine
			spin(1)
		}()
		return "in the window"
	})
}

func retryLater(e *Env) {
	n := 0
	var mu sync.Mutex
	e.Handle("/deliver9", func(*http.Request) string {
		mu.Lock()
		n++
		fails := n%3 == 0
		mu.Unlock()
		go func() {
			for try := 0; fails && try < 1; try++ {
				if !pause(e.Ctx, 2600*time.Millisecond) {
					return
				}
			}
			spin(2)
		}()
		return "taken"
	})
}

func loadOnceAKey(e *Env) {
	type entry struct {
		once sync.Once
		rows int
	}
	var mu sync.Mutex
	entries := map[int64]*entry{}
	e.Handle("/load9", func(*http.Request) string {
		key := time.Since(e.Started).Milliseconds() / 1500
		mu.Lock()
		en := entries[key]
		if en == nil {
			en = &entry{}
			entries[key] = en
		}
		mu.Unlock()
		go en.once.Do(func() {
			pause(e.Ctx, 2100*time.Millisecond)
			en.rows = 9
		})
		return "soon"
	})
}
