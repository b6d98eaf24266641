package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

func fine() []scenario {
	return []scenario{
		{
			name:     "ok_detached_audit",
			handlers: map[string]handlerOf{"a": relayA, "b": auditB},
			expect:   passes("a", "main.relayA.func1"),
		},
		{
			name:     "ok_retry_in_budget",
			handlers: map[string]handlerOf{"a": retryA, "b": onceSlowB},
			visit:    func(int) visit { return visit{budget: 400 * time.Millisecond} },
			expect:   []expectation{may("b", exceeded, "main.onceSlowB.func1")},
		},
		{
			name:     "ok_hedged",
			handlers: map[string]handlerOf{"a": hedgeA, "b": onceSlowB},
			visit:    func(int) visit { return visit{budget: 400 * time.Millisecond} },
		},
		{
			name:     "ok_long_poll",
			handlers: map[string]handlerOf{"a": pollA},
			visit: func(n int) visit {
				if n%3 == 0 {
					return visit{leave: 250 * time.Millisecond}
				}
				return visit{}
			},
		},
		{
			name:     "ok_event_stream",
			handlers: map[string]handlerOf{"a": streamA},
			every:    100 * time.Millisecond,
			visit: func(n int) visit {
				if n%2 == 0 {
					return visit{leave: 700 * time.Millisecond}
				}
				return visit{}
			},
		},
		{
			name:     "ok_call_mux",
			handlers: map[string]handlerOf{"a": muxA},
			raw:      map[string]func(net.Conn){"b": muxB},
			expect:   passes("a", "main.muxA.func1"),
		},
		{
			name:     "ok_client_leaves",
			handlers: map[string]handlerOf{"a": politeA},
			visit: func(n int) visit {
				if n%3 == 0 {
					return visit{leave: 40 * time.Millisecond}
				}
				return visit{}
			},
		},
		{
			name:     "ok_single_flight",
			handlers: map[string]handlerOf{"a": flightA},
			expect:   passes("a", "main.flightA.func2"),
		},
		{
			name:     "ok_queue_for_workers",
			handlers: map[string]handlerOf{"a": enqueueA},
		},
		{
			name:     "ok_fallback",
			handlers: map[string]handlerOf{"a": fallbackA, "b": slowHonourB},
			expect:   []expectation{may("b", exceeded, "main.slowHonourB.func1")},
		},
		{
			name:     "ok_short_clean_up",
			handlers: map[string]handlerOf{"a": relayA, "b": cleanUpB},
			expect:   append(passes("a", "main.relayA.func1"), may("b", exceeded, "main.cleanUpB.func1")),
		},
		{
			name:     "ok_timeout_handler",
			handlers: map[string]handlerOf{"a": timeoutA},
			visit:    func(int) visit { return visit{budget: 400 * time.Millisecond} },
			expect:   []expectation{may("a", exceeded, "main.timeoutA.func1")},
		},
		{
			name:     "ok_work_after_answer",
			handlers: map[string]handlerOf{"a": chattyA},
			every:    15 * time.Millisecond,
			visit:    func(int) visit { return visit{} },
		},
		{
			name:     "ok_lazy_refresher",
			handlers: map[string]handlerOf{"a": refreshedA},
			expect:   passes("a", "main.refreshedA.func1"),
		},
		{
			name:     "ok_batched_writes",
			handlers: map[string]handlerOf{"a": batchedA},
			expect:   passes("a", "main.batchedA.func2"),
		},
	}
}

// auditB tells an audit service, whatever becomes of the request.
func auditB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		go audit(context.WithoutCancel(r.Context()))
		answer(w, honour(r.Context(), duration(r)))
	}
}

func audit(ctx context.Context) {
	_ = honour(ctx, 300*time.Millisecond)
}

// retryA tries three times, each within its own share of the budget.
func retryA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for attempt := range 3 {
			ctx, cancel := context.WithTimeout(r.Context(), 60*time.Millisecond)
			req := s.request(ctx, "b", r)
			req.URL.RawQuery += fmt.Sprint("&attempt=", attempt)
			response, err := s.client.Do(req)
			if err == nil {
				finish(w, response, nil)
				cancel()
				return
			}
			cancel()
		}
		http.Error(w, "no luck", http.StatusBadGateway)
	}
}

func onceSlowB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		d := 8 * time.Millisecond
		if r.URL.Query().Get("attempt") == "0" {
			d = duration(r)
		}
		answer(w, honour(r.Context(), d))
	}
}

// hedgeA asks a second time when the first answer takes long; the slower one is cancelled.
func hedgeA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		type result struct {
			response *http.Response
			err      error
		}
		results := make(chan result, 2)
		try := func(attempt int) {
			req := s.request(ctx, "b", r)
			req.URL.RawQuery += fmt.Sprint("&attempt=", attempt)
			response, err := s.client.Do(req)
			results <- result{response, err}
		}
		go try(0)
		second := time.NewTimer(40 * time.Millisecond)
		defer second.Stop()
		for {
			select {
			case <-second.C:
				go try(1)
			case got := <-results:
				finish(w, got.response, got.err)
				return
			}
		}
	}
}

// pollA waits for the next event, which comes every 600 ms, or for the client to leave.
func pollA(*service) http.HandlerFunc {
	var mu sync.Mutex
	next := make(chan struct{})
	go func() {
		for range time.Tick(600 * time.Millisecond) {
			mu.Lock()
			close(next)
			next = make(chan struct{})
			mu.Unlock()
		}
	}()
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		event := next
		mu.Unlock()
		select {
		case <-event:
			answer(w, nil)
		case <-r.Context().Done():
		}
	}
}

// streamA sends an event every 50 ms for three seconds.
func streamA(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for i := range 60 {
			select {
			case <-tick.C:
				fmt.Fprintf(w, "data: %d\n\n", i)
				if http.NewResponseController(w).Flush() != nil {
					return
				}
			case <-r.Context().Done():
				return
			}
		}
	}
}

// politeA computes in small steps and looks at its context between them.
func politeA(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for range 12 {
			if r.Context().Err() != nil {
				return
			}
			grind(8 * time.Millisecond)
		}
		answer(w, nil)
	}
}

// flightA lets all requests of the moment share one fetch, which belongs to none of them.
func flightA(*service) http.HandlerFunc {
	var mu sync.Mutex
	var current chan struct{}
	fetch := func() chan struct{} {
		mu.Lock()
		defer mu.Unlock()
		if current == nil {
			done := make(chan struct{})
			current = done
			go func() {
				time.Sleep(260 * time.Millisecond)
				mu.Lock()
				current = nil
				mu.Unlock()
				close(done)
			}()
		}
		return current
	}
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-fetch():
			answer(w, nil)
		case <-r.Context().Done():
			answer(w, r.Context().Err())
		}
	}
}

// enqueueA accepts a job; workers of the process do it when they come to it.
func enqueueA(*service) http.HandlerFunc {
	jobs := make(chan int, 1000)
	for range 3 {
		go func() {
			for range jobs {
				grind(60 * time.Millisecond)
			}
		}()
	}
	return func(w http.ResponseWriter, r *http.Request) {
		jobs <- number(r)
		w.WriteHeader(http.StatusAccepted)
	}
}

// fallbackA gives a callee 40 ms and does without it otherwise.
func fallbackA(s *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 40*time.Millisecond)
		defer cancel()
		response, err := s.client.Do(s.request(ctx, "b", r))
		if err != nil {
			fmt.Fprintln(w, "the usual")
			return
		}
		finish(w, response, nil)
	}
}

// cleanUpB rolls back what it began, which takes 8 ms.
func cleanUpB(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := honour(r.Context(), duration(r))
		if err != nil {
			time.Sleep(8 * time.Millisecond)
		}
		answer(w, err)
	}
}

// timeoutA is cut off by the standard library's own handler.
func timeoutA(*service) http.HandlerFunc {
	inner := func(w http.ResponseWriter, r *http.Request) { answer(w, honour(r.Context(), duration(r))) }
	return http.TimeoutHandler(http.HandlerFunc(inner), 120*time.Millisecond, "too late").ServeHTTP
}

// chattyA has answered in full when it begins to tidy up; its client asks for the next page meanwhile.
func chattyA(*service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "5")
		fmt.Fprint(w, "done\n")
		_ = http.NewResponseController(w).Flush()
		time.Sleep(70 * time.Millisecond)
	}
}

// refreshedA starts its cache's refresher at the first request; it lives as long as the process.
func refreshedA(*service) http.HandlerFunc {
	var once sync.Once
	return func(w http.ResponseWriter, r *http.Request) {
		if number(r) > 4 {
			once.Do(func() { go refresh() })
		}
		answer(w, honour(r.Context(), duration(r)))
	}
}

func refresh() {
	for {
		time.Sleep(30 * time.Millisecond)
		grind(2 * time.Millisecond)
	}
}

// batchedA leaves its record to a writer that the first request of a batch starts.
func batchedA(*service) http.HandlerFunc {
	var mu sync.Mutex
	var batch []int
	writing := false
	flush := func() {
		time.Sleep(90 * time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		batch, writing = nil, false
	}
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		batch = append(batch, number(r))
		if !writing {
			writing = true
			go flush()
		}
		mu.Unlock()
		answer(w, honour(r.Context(), duration(r)))
	}
}

// muxA sends its questions over one connection; the first request opens it and starts its reader.
func muxA(s *service) http.HandlerFunc {
	m := &muxClient{address: s.peers["b"], waiting: map[uint32]chan struct{}{}}
	return func(w http.ResponseWriter, r *http.Request) {
		n := uint32(number(r))
		done, err := m.ask(n)
		if err != nil {
			answer(w, err)
			return
		}
		select {
		case <-done:
			answer(w, nil)
		case <-r.Context().Done():
			m.forget(n)
			answer(w, r.Context().Err())
		}
	}
}

type muxClient struct {
	address string
	mu      sync.Mutex
	conn    net.Conn
	waiting map[uint32]chan struct{}
}

func (m *muxClient) ask(n uint32) (chan struct{}, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.conn == nil {
		conn, err := net.Dial("tcp", m.address)
		if err != nil {
			return nil, err
		}
		m.conn = conn
		go m.readLoop(conn)
	}
	done := make(chan struct{})
	m.waiting[n] = done
	return done, binary.Write(m.conn, binary.BigEndian, n)
}

func (m *muxClient) forget(n uint32) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.waiting, n)
}

func (m *muxClient) readLoop(conn net.Conn) {
	in := bufio.NewReader(conn)
	for {
		var n uint32
		if binary.Read(in, binary.BigEndian, &n) != nil {
			return
		}
		m.mu.Lock()
		if done := m.waiting[n]; done != nil {
			close(done)
			delete(m.waiting, n)
		}
		m.mu.Unlock()
	}
}

// muxB answers at once, but one question in four after 300 ms; the very first one is such a one.
func muxB(conn net.Conn) {
	var mu sync.Mutex
	for {
		var n uint32
		if binary.Read(conn, binary.BigEndian, &n) != nil {
			return
		}
		go func() {
			if n%4 == 0 {
				time.Sleep(300 * time.Millisecond)
			}
			mu.Lock()
			defer mu.Unlock()
			_ = binary.Write(conn, binary.BigEndian, n)
		}()
	}
}
