package unpark

import (
	"runtime/trace"
	"sync"
)

// maxRemembered bounds how many numbers of shipped generations are kept; the ring of a recorder holds far fewer.
const maxRemembered = 4096

// flight is the flight recorder while it runs: one run, one capture id. Windows of the tracer that lie within the run
// write the same generations, so they share its id and number them alike, and nothing is shipped twice.
type flight struct {
	id       string
	recorder flightRecorder

	mu      sync.Mutex
	shipped map[uint64]bool // numbers of generations
	newest  uint64
}

// startFlight returns nil where there is none to have.
func startFlight(t Trigger) *flight {
	f := &flight{id: newCaptureID(), recorder: newFlightRecorder(t.Before, t.MaxCaptureBytes), shipped: map[uint64]bool{}}
	if f.recorder.start() != nil {
		return nil
	}
	return f
}

// dead reports that somebody stopped the tracer under the recorder: one trace.Stop too many does that (Go 1.25, 1.26).
func (f *flight) dead() bool { return !trace.IsEnabled() }

// claim reports whether a generation is still to be shipped, and remembers it.
func (f *flight) claim(number uint64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.shipped[number] {
		return false
	}
	f.shipped[number] = true
	f.newest = max(f.newest, number)
	if len(f.shipped) > maxRemembered {
		for n := range f.shipped {
			if n+maxRemembered/2 < f.newest {
				delete(f.shipped, n)
			}
		}
	}
	return true
}

func (f *flight) has(number uint64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.shipped[number]
}

// snapshot collects what the recorder holds, the newest maxBytes of it, and emits what was not shipped yet.
func (f *flight) snapshot(maxBytes, maxGenerationBytes int, why purpose, emit func(generation), lost func(generations, bytes int)) error {
	ring := &newestGenerations{limit: maxBytes, lost: lost}
	split := &splitter{capture: f.id, numbered: true, maxBytes: maxGenerationBytes, emit: func(g generation) {
		if !f.has(g.seq) {
			ring.add(g)
		}
	}, lost: lost}
	if err := f.recorder.snapshot(split); err != nil {
		return err
	}
	split.finish()
	if split.err != nil {
		return split.err
	}
	for _, g := range ring.list {
		if f.claim(g.seq) {
			g.purpose = why
			emit(g)
		}
	}
	return nil
}

// newestGenerations keeps the last ones that fit, at least one.
type newestGenerations struct {
	limit int
	lost  func(generations, bytes int)
	list  []generation
	bytes int
}

func (n *newestGenerations) add(g generation) {
	n.list = append(n.list, g)
	n.bytes += len(g.data)
	for n.bytes > n.limit && len(n.list) > 1 {
		n.bytes -= len(n.list[0].data)
		n.lost(1, len(n.list[0].data))
		n.list[0] = generation{}
		n.list = n.list[1:]
	}
}
