// Command swarm runs many small services with the agent, each a process of its own, and prints for each what it shipped
// and what its requests took, as one JSON object a line. It ends by itself.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"sync"
	"time"

	unpark "github.com/unpark/unpark/ingest/agent"
)

const (
	closeWithin  = 45 * time.Second
	startSpacing = 10 * time.Millisecond
)

type settings struct {
	agents                    int
	seconds                   int
	every                     time.Duration
	collector, service, spool string
	spoolBytes                int64
	identity                  unpark.Identity
	child                     string
}

// report is what a child prints in the end.
type report struct {
	Service  string       `json:"service"`
	Instance string       `json:"instance"`
	Stats    unpark.Stats `json:"stats"`
	Closing  string       `json:"closing,omitempty"`
	Requests []slice      `json:"requests"`
}

// slice is one second of requests.
type slice struct {
	Unix  int64 `json:"unix"`
	Count int   `json:"count"`
	P50us int64 `json:"p50_us"`
	P99us int64 `json:"p99_us"`
}

func main() {
	var s settings
	flag.IntVar(&s.agents, "agents", 1, "how many services")
	flag.IntVar(&s.seconds, "seconds", 10, "how long each lives")
	flag.DurationVar(&s.every, "every", 100*time.Millisecond, "time between the requests of one")
	flag.StringVar(&s.collector, "collector", "http://localhost:8080", "base URL of the collector")
	flag.StringVar(&s.service, "service", "swarm", "name of the service")
	flag.StringVar(&s.spool, "spool", "", "folder for spools; each instance has one of its own in it")
	flag.Int64Var(&s.spoolBytes, "spool-bytes", 64<<10, "bytes of each spool")
	flag.StringVar(&s.identity.TokenFile, "token-file", "", "file with the token")
	flag.StringVar(&s.identity.CAFile, "ca", "", "PEM of the collector's authority")
	flag.StringVar(&s.child, "child", "", "run one service, of this name")
	flag.Parse()
	run := parent
	if s.child != "" {
		run = child
	}
	if err := run(s); err != nil {
		fmt.Fprintln(os.Stderr, "swarm:", err)
		os.Exit(1)
	}
}

func parent(s settings) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	limit := time.Duration(s.seconds)*time.Second + time.Duration(s.agents)*startSpacing + 2*closeWithin
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var running sync.WaitGroup
	var out sync.Mutex
	failed := 0
	for i := 0; i < s.agents; i++ {
		name := s.service + "-" + strconv.Itoa(i)
		arguments := append(append([]string{}, os.Args[1:]...), "-child", name)
		running.Add(1)
		go func() {
			defer running.Done()
			cmd := exec.CommandContext(ctx, program, arguments...)
			cmd.Env = append(os.Environ(), "GOMAXPROCS=2")
			cmd.Stderr = os.Stderr
			line, err := cmd.Output()
			out.Lock()
			defer out.Unlock()
			_, _ = os.Stdout.Write(line)
			if err != nil {
				failed++
				fmt.Fprintln(os.Stderr, "swarm:", name, err)
			}
		}()
		time.Sleep(startSpacing)
	}
	running.Wait()
	if failed > 0 {
		return fmt.Errorf("%d of %d failed", failed, s.agents)
	}
	return nil
}

func child(s settings) error {
	config := unpark.Config{Service: s.service, Instance: s.child, Version: "swarm", Collector: s.collector, Identity: s.identity,
		BackoffMin: 200 * time.Millisecond, BackoffMax: 5 * time.Second}
	if s.spool != "" {
		config.SpoolDir, config.MaxSpoolBytes = filepath.Join(s.spool, s.child), s.spoolBytes
	}
	agent, err := unpark.Start(context.Background(), config)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /jobs/{id}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "done", r.PathValue("id")) })
	server := &http.Server{Handler: unpark.Middleware(mux), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }()
	r := report{Service: s.service, Instance: s.child}
	r.Requests = load("http://"+listener.Addr().String()+"/jobs/", s.every, time.Now().Add(time.Duration(s.seconds)*time.Second))
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	if err := agent.Close(ctx); err != nil {
		r.Closing = err.Error()
	}
	_ = server.Close()
	r.Stats = agent.Stats()
	out := bufio.NewWriter(os.Stdout)
	if err := json.NewEncoder(out).Encode(r); err != nil {
		return err
	}
	return out.Flush()
}

// load asks at a steady rate, one request after the other, and times each from when it was due.
func load(base string, every time.Duration, until time.Time) []slice {
	client := &http.Client{Timeout: 10 * time.Second}
	bySecond := map[int64][]int64{}
	for n, due := 0, time.Now(); due.Before(until); n, due = n+1, due.Add(every) {
		time.Sleep(time.Until(due))
		response, err := client.Get(base + strconv.Itoa(n))
		if err != nil {
			continue
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		bySecond[due.Unix()] = append(bySecond[due.Unix()], time.Since(due).Microseconds())
	}
	var slices []slice
	for second, took := range bySecond {
		sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
		slices = append(slices, slice{second, len(took), took[len(took)/2], took[len(took)*99/100]})
	}
	sort.Slice(slices, func(i, j int) bool { return slices[i].Unix < slices[j].Unix })
	return slices
}
