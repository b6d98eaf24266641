// Command chains records small services of which some requests are slow, each for one known reason, and writes down what
// that reason is and on which line. See README.md.
package main

import (
	"bufio"
	"context"
	"embed"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/trace"
	"sort"
	"strings"
	"sync"
	"time"

	unpark "github.com/unpark/unpark/ingest/agent"
)

//go:embed *.go
var source embed.FS

// scenario is one service, or two, with one cause.
type scenario struct {
	handler func(backend string) http.Handler // the service that is recorded
	callee  func(backend string) http.Handler // behind it and recorded too, if any
	agent   bool                              // the services link our agent
	kind    string                            // what the chain must end with
	reason  string
	service string
}

const (
	warmUp   = 1800 * time.Millisecond // a generation is a second: what is usual is known by then
	slowFor  = 1200 * time.Millisecond
	coolDown = 200 * time.Millisecond
	pause    = 5 * time.Millisecond
)

func main() {
	name := flag.String("scenario", "", "which to record; none: all")
	out := flag.String("out", "recordings", "folder for the traces and truths")
	role := flag.String("role", "", "internal: serve or backend")
	part := flag.String("part", "", "internal: handler or callee")
	backend := flag.String("backend", "", "internal: base URL of what lies behind")
	tracePath := flag.String("trace", "", "internal: where to record")
	flag.Parse()
	log.SetFlags(0)
	switch {
	case *role != "":
		serve(*role, *name, *part, *backend, *tracePath)
	case *name != "":
		record(*name, *out)
	default:
		for _, n := range names() {
			record(n, *out)
		}
	}
}

func names() []string {
	var all []string
	for n := range scenarios {
		all = append(all, n)
	}
	sort.Strings(all)
	return all
}

// serve is one process of a scenario: it ends when its stdin does.
func serve(role, name, part, backend, tracePath string) {
	var h http.Handler
	s := scenarios[name]
	switch {
	case role == "backend":
		h = http.HandlerFunc(slowWhenAsked)
	case part == "callee":
		h = s.callee(backend)
	default:
		h = s.handler(backend)
	}
	if s.agent && role != "backend" {
		h = unpark.Middleware(h)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	if tracePath != "" {
		file, err := os.Create(tracePath)
		check(err)
		check(trace.Start(file))
		defer func() { trace.Stop(); check(file.Close()) }()
	}
	fmt.Println("http://" + listener.Addr().String())
	go func() { _ = http.Serve(listener, h) }()
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// slowWhenAsked is a dependency that answers at once, or after a while.
func slowWhenAsked(w http.ResponseWriter, r *http.Request) {
	if d, err := time.ParseDuration(r.URL.Query().Get("delay")); err == nil {
		time.Sleep(d)
	}
	_, _ = io.WriteString(w, "ok")
}

type process struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	url   string
}

func start(args ...string) process {
	self, err := os.Executable()
	check(err)
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=2")
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	check(err)
	stdout, err := cmd.StdoutPipe()
	check(err)
	check(cmd.Start())
	url, err := bufio.NewReader(stdout).ReadString('\n')
	check(err)
	return process{cmd, stdin, strings.TrimSpace(url)}
}

func (p process) stop() {
	check(p.stdin.Close())
	check(p.cmd.Wait())
}

func record(name, out string) {
	s, ok := scenarios[name]
	if !ok {
		log.Fatalf("no scenario %q; there are %s", name, strings.Join(names(), ", "))
	}
	check(os.MkdirAll(out, 0o755))
	service := strings.ReplaceAll(name, "_", "-")
	path := func(part string) string { return filepath.Join(out, name+"."+part+".trace") }
	backend := start("-role", "backend", "-scenario", name)
	parts := []process{backend}
	behind := backend.url
	if s.callee != nil {
		callee := start("-role", "serve", "-scenario", name, "-part", "callee", "-backend", behind, "-trace", path("callee"))
		parts = append(parts, callee)
		behind = callee.url
	}
	front := start("-role", "serve", "-scenario", name, "-part", "handler", "-backend", behind, "-trace", path("front"))
	load(front.url)
	front.stop()
	for i := len(parts) - 1; i >= 0; i-- {
		parts[i].stop()
	}
	truth(s, name, service, filepath.Join(out, name+".truth"))
}

// load asks for the route from three clients at a time: usual requests first, then slow ones among them.
func load(url string) {
	ctx, cancel := context.WithTimeout(context.Background(), warmUp+slowFor)
	defer cancel()
	began := time.Now()
	var wg sync.WaitGroup
	for c := range 3 {
		wg.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			for i := 0; ctx.Err() == nil; i++ {
				query := ""
				if c == 0 && time.Since(began) > warmUp {
					query = "?slow=1"
				}
				get(client, url+"/work"+query)
				time.Sleep(pause)
			}
		})
	}
	wg.Wait()
	time.Sleep(coolDown)
}

func get(client *http.Client, url string) {
	response, err := client.Get(url)
	check(err)
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
}

// truth says what the chain must end with; the line is the one that is marked in the source.
func truth(s scenario, name, service, path string) {
	file, function, line := marked("root: " + name)
	text := fmt.Sprintf("kind=%s\nreason=%s\nfunction=%s\nfile=%s\nline=%d\npart=%s\n",
		s.kind, s.reason, function, file, line, s.service)
	check(os.WriteFile(path, []byte(text), 0o644))
}

// marked finds the line that ends in a comment: its file, its function, its number.
func marked(mark string) (string, string, int) {
	for _, file := range []string{"services.go", "together.go"} {
		text, err := source.ReadFile(file)
		check(err)
		function := ""
		for i, line := range strings.Split(string(text), "\n") {
			if rest, ok := strings.CutPrefix(line, "func "); ok {
				function = runtimeName(rest)
			}
			if strings.HasSuffix(line, "// "+mark) {
				return file, function, i + 1
			}
		}
	}
	log.Fatalf("no line is marked %q", mark)
	return "", "", 0
}

// runtimeName makes main.(*T).f of "(t *T) f(args) {".
func runtimeName(declaration string) string {
	receiver, rest := "", declaration
	if strings.HasPrefix(declaration, "(") {
		inner, after, _ := strings.Cut(declaration[1:], ") ")
		_, receiver, _ = strings.Cut(inner, " ")
		if strings.HasPrefix(receiver, "*") {
			receiver = "(" + receiver + ")"
		}
		receiver += "."
		rest = after
	}
	name, _, _ := strings.Cut(rest, "(")
	return "main." + receiver + name
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
