package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"time"

	"example.org/leaks/app"
)

type place struct {
	Func string `json:"func"`
	File string `json:"file"`
	Line int    `json:"line"`
}

type goroutine struct {
	id      int
	reason  string
	frames  []place
	creator place
}

var (
	header = regexp.MustCompile(`^goroutine (\d+)[^\[]*\[([^,\]]*)`)
	where  = regexp.MustCompile(`^\t(.*):(\d+)`)
)

// dump returns all goroutines, by the runtime's own stack dump.
func dump() []goroutine {
	buf := make([]byte, 16<<20)
	buf = buf[:runtime.Stack(buf, true)]
	var all []goroutine
	for _, block := range strings.Split(string(buf), "\n\n") {
		if g, ok := parse(strings.Split(strings.TrimSpace(block), "\n")); ok {
			all = append(all, g)
		}
	}
	return all
}

func parse(lines []string) (goroutine, bool) {
	h := header.FindStringSubmatch(lines[0])
	if h == nil {
		return goroutine{}, false
	}
	id, _ := strconv.Atoi(h[1])
	g := goroutine{id: id, reason: h[2]}
	for i := 1; i+1 < len(lines); i += 2 {
		name, created := strings.CutPrefix(lines[i], "created by ")
		if created {
			name, _, _ = strings.Cut(name, " in goroutine ")
		} else if at := strings.LastIndex(name, "("); at > 0 {
			name = name[:at]
		}
		p := place{Func: name}
		if w := where.FindStringSubmatch(lines[i+1]); w != nil {
			p.File = w[1]
			p.Line, _ = strconv.Atoi(w[2])
		}
		if created {
			g.creator = p
		} else {
			g.frames = append(g.frames, p)
		}
	}
	return g, len(g.frames) > 0
}

// matches tells whether one of the names is part of one of the goroutine's frames.
func matches(g goroutine, names []string) bool {
	for _, n := range names {
		for _, f := range g.frames {
			if strings.Contains(f.Func, n) {
				return true
			}
		}
	}
	return false
}

// harness tells whether a goroutine belongs to this command and not to the scenario.
func harness(g goroutine) bool {
	start := g.frames[len(g.frames)-1].Func
	return start == "main.main" || strings.HasPrefix(start, "os/signal.") || strings.HasPrefix(start, "runtime")
}

// awaitEnd waits until no goroutine of the wanted ones is left and returns those that stay too long.
func awaitEnd(wanted func(goroutine) bool) []goroutine {
	deadline := time.Now().Add(stopTimeout)
	for {
		var left []goroutine
		for _, g := range dump() {
			if !harness(g) && wanted(g) {
				left = append(left, g)
			}
		}
		if len(left) == 0 || time.Now().After(deadline) {
			return left
		}
		time.Sleep(100 * time.Millisecond)
	}
}

type anomaly struct {
	Creation place  `json:"creation_site"`
	Start    string `json:"start_func"`
	Blocking place  `json:"blocking_site"`
	Top      string `json:"top_frame"`
	Reason   string `json:"wait_reason"`
	Count    int    `json:"count_at_trace_end"`
	Stuck    int    `json:"stuck_after_grace"`
	Gids     []int  `json:"gids"`
	Declared bool   `json:"declared"`
	Kind     string `json:"kind"`
	Optional bool   `json:"optional,omitempty"`
}

type label struct {
	Trace     string    `json:"trace"`
	Scenario  string    `json:"scenario"`
	About     string    `json:"about"`
	Family    string    `json:"family"`
	Mode      string    `json:"mode"`
	Noise     bool      `json:"noise"`
	Go        string    `json:"go"`
	Status    string    `json:"status"`
	Negative  bool      `json:"negative"`
	Expected  []anomaly `json:"expected_anomalies"`
	Allowed   []anomaly `json:"allowed"`
	LongLived []anomaly `json:"legit_long_lived"`
}

// makeLabel groups what stood both at the trace's end and after the grace, and tells leaks from what the program keeps on purpose.
func makeLabel(s app.Scenario, id, mode string, atEnd, after []goroutine) label {
	l := label{Trace: id + ".trace.xz", Scenario: s.Name, About: s.About, Family: "fresh_ok", Mode: mode, Go: runtime.Version(),
		Status: "negative", Negative: true, Expected: []anomaly{}, Allowed: []anomaly{}, LongLived: []anomaly{}}
	if s.Leaks != nil {
		l.Family, l.Status, l.Negative = "fresh_leak", "positive", false
	}
	later := map[int]goroutine{}
	for _, g := range after {
		later[g.id] = g
	}
	var leaked, follow, kept []goroutine
	for _, g := range atEnd {
		then, stays := later[g.id]
		switch {
		case harness(g):
		case matches(g, s.Leaks) && matches(then, s.Leaks) && !matches(then, s.Except):
			// Where it stands after the grace: at the trace's end the youngest may still be on the way there.
			leaked = append(leaked, then)
		case matches(g, s.Follows):
			follow = append(follow, g)
		case stays:
			kept = append(kept, g)
		}
	}
	l.Expected = append(group(leaked, true, false), group(follow, false, true)...)
	l.LongLived = group(kept, false, false)
	return l
}

func group(gs []goroutine, declared, optional bool) []anomaly {
	by := map[string]*anomaly{}
	out := []anomaly{}
	var keys []string
	for _, g := range gs {
		start, at := g.frames[len(g.frames)-1].Func, blocking(g)
		key := fmt.Sprint(g.creator, start, at)
		a := by[key]
		if a == nil {
			a = &anomaly{Creation: g.creator, Start: start, Blocking: at, Top: g.frames[0].Func, Reason: g.reason,
				Declared: declared, Kind: "goroutine_leak", Optional: optional}
			by[key] = a
			keys = append(keys, key)
		}
		a.Gids = append(a.Gids, g.id)
		a.Count, a.Stuck = len(a.Gids), len(a.Gids)
	}
	sort.Strings(keys)
	for _, k := range keys {
		out = append(out, *by[k])
	}
	return out
}

// blocking is the innermost frame that is the program's, or else the innermost that is not of the scheduler and its primitives.
func blocking(g goroutine) place {
	for _, f := range g.frames {
		if strings.HasPrefix(f.Func, "example.org/") {
			return f
		}
	}
	for _, f := range g.frames {
		if !strings.HasPrefix(f.Func, "runtime.") && !strings.HasPrefix(f.Func, "sync.") && !strings.HasPrefix(f.Func, "internal/") {
			return f
		}
	}
	return g.frames[0]
}

// verify holds the label against what the program did: every declared leak is there, and nothing else outlives a graceful shutdown.
func verify(s app.Scenario, l label, left []goroutine) error {
	var errs []error
	for _, g := range left {
		errs = append(errs, fmt.Errorf("not ended by the shutdown: %v", g.frames))
	}
	for _, name := range s.Leaks {
		found := false
		for _, a := range l.Expected {
			found = found || strings.Contains(a.Start, name) || strings.Contains(a.Blocking.Func, name)
		}
		if !found {
			errs = append(errs, fmt.Errorf("declared leak %s did not happen", name))
		}
	}
	return errors.Join(errs...)
}

func (l label) summary(atEnd, after, stopped int) string {
	var leaks []string
	for _, a := range l.Expected {
		mark := ""
		if a.Optional {
			mark = " (follows)"
		}
		leaks = append(leaks, fmt.Sprintf("%dx %s [%s]%s", a.Count, filepath.Base(a.Blocking.Func), a.Reason, mark))
	}
	return fmt.Sprintf("goroutines %d at end, %d after grace, %d after shutdown; left: %s", atEnd, after, stopped, strings.Join(leaks, ", "))
}

func (l label) write(path string) error {
	b, err := json.MarshalIndent(l, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o644)
}
