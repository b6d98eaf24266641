// Generate records the execution trace of a busy process until the trace has a given size.
//
//	go run . -mb 300 -out big.trace
//
// Many kinds of work run side by side, so that the mix of events is that of a service under load and not of one loop;
// -work runs some of them alone. What the mix is, `unpark events --format count` tells.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime/trace"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// works are the kinds of load. Each runs until stop is closed.
var works = map[string]func(stop <-chan struct{}){
	"pipeline": pipeline,
	"fanout":   fanout,
	"mutex":    mutex,
	"syscalls": syscalls,
	"network":  network,
	"timers":   timers,
	"garbage":  garbage,
	"tasks":    tasks,
	"switches": switches,
	"parked":   parked,
}

// limited is the trace's file; it reports once when it has grown to its size.
type limited struct {
	file *os.File
	left atomic.Int64
	full chan struct{}
}

func (l *limited) Write(p []byte) (int, error) {
	n, err := l.file.Write(p)
	before := l.left.Add(-int64(n)) + int64(n)
	if before > 0 && before <= int64(n) {
		close(l.full)
	}
	return n, err
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("generate: ")
	mb := flag.Float64("mb", 50, "stop when the trace has so many megabytes (10^6 bytes)")
	seconds := flag.Float64("seconds", 300, "stop after so many seconds in any case")
	out := flag.String("out", "big.trace", "the file to write")
	age := flag.Int("age", 2_500_000, "start and end so many goroutines first: in a process that is old, their numbers are long")
	only := flag.String("work", "", "comma-separated kinds of work; all when left out: "+strings.Join(names(), ", "))
	flag.Parse()
	grow(*age)
	if err := record(*out, *mb, *seconds, *only); err != nil {
		log.Fatal(err)
	}
}

func record(out string, mb, seconds float64, only string) error {
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	to := &limited{file: file, full: make(chan struct{})}
	to.left.Store(int64(mb * 1e6))
	stop := make(chan struct{})
	for _, name := range chosen(only) {
		work, known := works[name]
		if !known {
			return fmt.Errorf("there is no work %q; there are %s", name, strings.Join(names(), ", "))
		}
		go work(stop)
	}
	time.Sleep(100 * time.Millisecond) // all work is under way when the trace begins
	if err := trace.Start(to); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(seconds*float64(time.Second)))
	defer cancel()
	select {
	case <-to.full:
	case <-ctx.Done():
	}
	trace.Stop()
	close(stop)
	return file.Close()
}

func grow(goroutines int) {
	var all sync.WaitGroup
	for i := range goroutines {
		all.Go(func() {})
		if i%1000 == 999 {
			all.Wait()
		}
	}
	all.Wait()
}

func chosen(only string) []string {
	if only == "" {
		return names()
	}
	return strings.Split(only, ",")
}

func names() []string {
	var all []string
	for name := range works {
		all = append(all, name)
	}
	sort.Strings(all)
	return all
}
