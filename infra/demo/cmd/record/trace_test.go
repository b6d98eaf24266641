package main

import (
	"bufio"
	"io"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// goroutine is what a trace says about one goroutine, as far as the checks here need it.
type goroutine struct {
	state   string
	since   int64
	place   string // functions of its last stack, innermost first, joined by spaces
	running time.Duration
	worker  bool // of the garbage collector
}

// wait is a finished or unfinished stretch in which a goroutine was blocked.
type wait struct {
	reason, place string
	length        time.Duration
}

// annotation is one log of a category "unpark.…".
type annotation struct {
	category string
	task     string
	at       int64 // trace clock, nanoseconds
	fields   map[string]string
}

// observed is what Go's own reader tells about a recording.
type observed struct {
	goroutines   map[string]*goroutine
	waits        []wait
	annotations  []annotation
	assists      int
	first, last  int64
	reason       map[string]string
	wallOfTrace0 int64 // wall clock in ns since 1970 minus trace clock
}

var (
	eventLine  = regexp.MustCompile(`^M=\S+ P=\S+ G=(\S+) (\w+) Time=(\d+)(.*)$`)
	transition = regexp.MustCompile(`GoID=(\d+) (\w+)->(\w+) Reason="(.*)"`)
	logOf      = regexp.MustCompile(`Task=(\d+) Category="(unpark[^"]*)" Message="(.*)"`)
	wallOf     = regexp.MustCompile(`Trace=(\d+) Mono=\d+ Wall=(\S+)`)
)

// observe unpacks a recording and reads it with `go tool trace`, the judge that knows nothing of this project.
func observe(t *testing.T, file string) *observed {
	t.Helper()
	for _, tool := range []string{"xz", "go"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("SKIPPED: %s is not installed", tool)
		}
	}
	plain := filepath.Join(t.TempDir(), "t.trace")
	if out, err := exec.Command("sh", "-c", `xz -dc "$1" > "$2"`, "sh", file, plain).CombinedOutput(); err != nil {
		t.Fatalf("xz: %v %s", err, out)
	}
	command := exec.Command("go", "tool", "trace", "-d=parsed", plain)
	var complaints strings.Builder
	command.Stderr = &complaints
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	o := &observed{goroutines: map[string]*goroutine{}, reason: map[string]string{}}
	o.read(t, out)
	if err := command.Wait(); err != nil {
		t.Fatalf("go tool trace %s: %v %s", file, err, complaints.String())
	}
	o.finish()
	return o
}

func (o *observed) read(t *testing.T, out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	var moved *goroutine // whose transition stack is being read
	inStack := false
	var place []string
	settle := func() {
		if moved != nil && len(place) > 0 {
			moved.place = strings.Join(place, " ")
			moved.worker = moved.worker || strings.Contains(moved.place, "runtime.gcBgMarkWorker")
		}
		moved, inStack, place = nil, false, nil
	}
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "M="):
			settle()
			moved = o.event(t, line)
		case line == "TransitionStack=":
			inStack = true
		case line == "Stack=":
			inStack = false
		case inStack && strings.Contains(line, " @ "):
			function, _, _ := strings.Cut(strings.TrimSpace(line), " @ ")
			place = append(place, function)
		}
	}
	settle()
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

func (o *observed) event(t *testing.T, line string) (moved *goroutine) {
	m := eventLine.FindStringSubmatch(line)
	if m == nil {
		t.Fatalf("unknown line %q", line)
	}
	at, _ := strconv.ParseInt(m[3], 10, 64)
	if o.first == 0 {
		o.first = at
	}
	o.last = at
	switch m[2] {
	case "StateTransition":
		if c := transition.FindStringSubmatch(m[4]); c != nil {
			return o.move(c[1], c[3], c[4], at)
		}
	case "Log":
		if c := logOf.FindStringSubmatch(m[4]); c != nil {
			o.annotations = append(o.annotations, annotation{c[2], c[1], at, fieldsOf(t, c[3])})
		}
	case "RangeBegin":
		if strings.Contains(m[4], "GC mark assist") {
			o.assists++
		}
	case "Sync":
		if c := wallOf.FindStringSubmatch(m[4]); c != nil {
			wall, err := time.Parse(time.RFC3339Nano, c[2])
			clock, _ := strconv.ParseInt(c[1], 10, 64)
			if err == nil {
				o.wallOfTrace0 = wall.UnixNano() - clock
			}
		}
	}
	return nil
}

func (o *observed) move(id, to, reason string, at int64) *goroutine {
	g := o.goroutines[id]
	if g == nil {
		g = &goroutine{since: at}
		o.goroutines[id] = g
	}
	if g.state == to {
		return g
	}
	o.leave(id, g, at)
	g.state, g.since = to, at
	if to == "Waiting" {
		o.reason[id] = reason
	}
	return g
}

func (o *observed) leave(id string, g *goroutine, at int64) {
	length := time.Duration(at - g.since)
	switch g.state {
	case "Running":
		g.running += length
	case "Waiting":
		o.waits = append(o.waits, wait{o.reason[id], g.place, length})
	}
}

func (o *observed) finish() {
	for id, g := range o.goroutines {
		o.leave(id, g, o.last)
	}
}

func fieldsOf(t *testing.T, text string) map[string]string {
	fields := map[string]string{}
	for _, pair := range strings.Split(text, " ") {
		key, value, found := strings.Cut(pair, "=")
		unescaped, err := url.QueryUnescape(value)
		if !found || err != nil {
			t.Fatalf("bad field %q in %q", pair, text)
		}
		fields[key] = unescaped
	}
	return fields
}

func (o *observed) of(category string, match func(map[string]string) bool) []annotation {
	var found []annotation
	for _, a := range o.annotations {
		if a.category == category && (match == nil || match(a.fields)) {
			found = append(found, a)
		}
	}
	return found
}

// collectorShare is the part of all processor time that the garbage collector's workers ran, of 2 processors.
func (o *observed) collectorShare() float64 {
	var running time.Duration
	for _, g := range o.goroutines {
		if g.worker {
			running += g.running
		}
	}
	return float64(running) / float64(2*(o.last-o.first))
}

// stuck counts goroutines that wait at the end with place in their stack.
func (o *observed) stuck(place string) (count int) {
	for _, g := range o.goroutines {
		if g.state == "Waiting" && strings.Contains(g.place, place) {
			count++
		}
	}
	return count
}

func (o *observed) longWaits(place string, atLeast time.Duration) (count int) {
	for _, w := range o.waits {
		if w.length >= atLeast && strings.Contains(w.place, place) {
			count++
		}
	}
	return count
}
