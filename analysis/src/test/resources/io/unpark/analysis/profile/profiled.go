// A service in small that keeps what it should let go, or with MODE=healthy its twin that does not. It writes its own
// trace and profiles into the folder OUT, as a collector would scrape them: SNAPSHOTS of each kind, EVERY apart.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"strconv"
	"time"
)

type cache struct {
	entries map[int][]byte
	limit   int
}

func (c *cache) put(key, size int) {
	if c.limit > 0 {
		key %= c.limit
	}
	c.entries[key] = make([]byte, size)
}

type server struct {
	healthy bool
	answers *cache
	jobs    chan int
}

// quote gives up waiting: the sender below is left behind unless its channel has room.
func (s *server) quote(n int) {
	room := 0
	if s.healthy {
		room = 1
	}
	results := make(chan int, room)
	go func() { results <- n }()
	select {
	case <-results:
	default: // too slow
	}
}

// audit starts a goroutine of a named function with arguments: its stack does not tell who started it.
func (s *server) audit(n int) {
	done := make(chan int)
	go awaitDone(done, n)
	if s.healthy {
		close(done)
	}
}

func awaitDone(done chan int, n int) {
	<-done
	runtime.KeepAlive(n)
}

// watch starts a closure, whose name tells who started it.
func (s *server) watch() {
	ticks := make(chan int)
	go func() {
		for range ticks {
			runtime.Gosched()
		}
	}()
	if s.healthy {
		close(ticks)
	}
}

// work is a pool's worker: it waits for long, and is reachable for as long as the server is.
func (s *server) work() {
	for job := range s.jobs {
		s.answers.put(job, 512<<10)
	}
}

func main() {
	runtime.MemProfileRate = 64 << 10
	healthy := os.Getenv("MODE") == "healthy"
	out := os.Getenv("OUT")
	snapshots, _ := strconv.Atoi(os.Getenv("SNAPSHOTS"))
	every, err := time.ParseDuration(os.Getenv("EVERY"))
	check(err)
	s := &server{healthy: healthy, answers: &cache{entries: map[int][]byte{}}, jobs: make(chan int)}
	if healthy {
		s.answers.limit = 8
	}
	for range 4 {
		go s.work()
	}
	file, err := os.Create(filepath.Join(out, "orders.trace"))
	check(err)
	check(trace.Start(file))
	n := 0
	for i := range snapshots {
		for end := time.Now().Add(every); time.Now().Before(end); n++ {
			s.quote(n)
			s.audit(n)
			s.watch()
			s.jobs <- n
			time.Sleep(100 * time.Millisecond)
		}
		runtime.GC()
		for _, kind := range []string{"heap", "goroutine", "goroutineleak"} {
			write(out, kind, i+1)
		}
	}
	trace.Stop()
	check(file.Close())
	runtime.KeepAlive(s)
}

func write(out, kind string, number int) {
	profile := pprof.Lookup(kind)
	if profile == nil {
		return // goroutineleak needs a build with GOEXPERIMENT=goroutineleakprofile
	}
	file, err := os.Create(filepath.Join(out, fmt.Sprintf("orders.%s.%d.pb.gz", kind, number)))
	check(err)
	check(profile.WriteTo(file, 0))
	check(file.Close())
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
