// Command twins runs one service that has a fault of a process or of its requests, or its correct twin, and records it.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/trace"
	"slices"
	"time"
)

const traced = 6 * time.Second

// twin is one service. Kind and Site are what must be found; without a Kind it is correct.
type twin struct {
	name, about string
	kind, site  string
	tolerated   []string
	seconds     int // traced, if not six
	batch       int
	setup       func(e *env)
	load        func(c *client)
	upstream    func(w http.ResponseWriter, r *http.Request)
}

type env struct {
	ctx      context.Context
	mux      *http.ServeMux
	upstream string
}

type client struct {
	ctx  context.Context
	base string
	http *http.Client
}

// label has the shape that the recorded corpus' scoring script reads in its folder perf.
type label struct {
	Trace     string    `json:"trace"`
	Kernel    string    `json:"kernel"`
	About     string    `json:"about"`
	Family    string    `json:"family"`
	Go        string    `json:"go"`
	Status    string    `json:"status"`
	Expected  []anomaly `json:"expected_anomalies"`
	Tolerated []string  `json:"tolerated_kinds"`
}

type anomaly struct {
	Kind string `json:"kind"`
	Site string `json:"site"`
}

func (t twin) length() time.Duration {
	if t.seconds > 0 {
		return time.Duration(t.seconds) * time.Second
	}
	return traced
}

func main() {
	log.SetFlags(0)
	name := flag.String("twin", "", "service to run")
	out := flag.String("out", ".", "folder that gets perf/")
	list := flag.Bool("list", false, "print all names and leave")
	batch := flag.Int("batch", 0, "list only this batch")
	addr := flag.String("client-of", "", "internal: run the load against this address")
	upstream := flag.String("upstream", "", "internal: address to serve the upstream on")
	flag.Parse()
	for _, t := range all() {
		switch {
		case *list && *batch != 0 && *batch != t.batch:
		case *list:
			fmt.Println(t.name)
		case t.name != *name:
		case *addr != "":
			run(t, *addr, *upstream)
			return
		default:
			if err := record(t, *out); err != nil {
				log.Fatalf("%s: %v", t.name, err)
			}
			return
		}
	}
	if !*list {
		log.Fatalf("no service %q; see -list", *name)
	}
}

func all() []twin {
	first := append(append(append(locks(), collectors()...), schedulers()...), append(heaps(), waits()...)...)
	second := append(secondProcess(), secondRequests()...)
	for i := range first {
		first[i].batch = 1
	}
	for i := range second {
		second[i].batch = 2
	}
	last := third()
	for i := range last {
		last[i].batch = 3
	}
	newest := fourth()
	for i := range newest {
		newest[i].batch = 4
	}
	return append(append(append(first, second...), last...), newest...)
}

// record serves, traces for six seconds, and leaves; the load comes from another process.
func record(t twin, out string) error {
	runtime.GOMAXPROCS(2)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	e := &env{context.Background(), http.NewServeMux(), free.Addr().String()}
	free.Close()
	cmd := exec.Command(os.Args[0], "-twin", t.name, "-client-of", ln.Addr().String(), "-upstream", e.upstream)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() { in.Close(); cmd.Wait() }()
	t.setup(e)
	go http.Serve(ln, e.mux)
	time.Sleep(400 * time.Millisecond)
	file, err := os.Create(filepath.Join(out, "perf", t.name+".trace"))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := trace.Start(file); err != nil {
		return err
	}
	time.Sleep(t.length())
	trace.Stop()
	l := label{t.name + ".trace.xz", t.name, t.about, "perf", runtime.Version(), "negative", []anomaly{}, t.tolerated}
	if t.kind != "" {
		l.Status, l.Expected = "positive", []anomaly{{t.kind, t.site}}
		l.Tolerated = slices.DeleteFunc(slices.Clone(l.Tolerated), func(kind string) bool { return kind == t.kind })
	}
	if l.Tolerated == nil {
		l.Tolerated = []string{}
	}
	b, err := json.MarshalIndent(l, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "perf", t.name+".json"), append(b, '\n'), 0o644)
}

// run is the load's process; it lives until its standard input ends.
func run(t twin, addr, upstream string) {
	if t.upstream != nil {
		ln, err := net.Listen("tcp", upstream)
		if err != nil {
			log.Fatal(err)
		}
		go http.Serve(ln, http.HandlerFunc(t.upstream))
	}
	ctx, cancel := context.WithTimeout(context.Background(), t.length()+2*time.Second)
	defer cancel()
	c := &client{ctx, "http://" + addr, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	if t.load != nil {
		go t.load(c)
	}
	io.Copy(io.Discard, os.Stdin)
}

// many asks for path from n clients, each with a pause between.
func many(n int, path string, between time.Duration) func(*client) {
	return func(c *client) {
		for range n {
			go func() {
				for c.ctx.Err() == nil {
					c.get(path)
					time.Sleep(between)
				}
			}()
		}
		<-c.ctx.Done()
	}
}

func (c *client) get(path string) {
	req, err := http.NewRequestWithContext(c.ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		log.Fatal(err)
	}
	if resp, err := c.http.Do(req); err == nil {
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
}

// burn uses a CPU for about d.
func burn(d time.Duration) (x int) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		for i := range 2000 {
			x = x*31 + i
		}
	}
	return x
}

func dial(c *client) (net.Conn, error) { return net.Dial("tcp", c.base[len("http://"):]) }
