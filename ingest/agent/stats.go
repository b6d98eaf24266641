package unpark

import (
	"strings"
	"sync"
	"sync/atomic"
)

// Stats is what the agent did so far. Bytes are trace bytes before compression.
type Stats struct {
	Tracing bool   // our tracer runs now
	Capture string // id of its current or last run, empty before the first

	GenerationsShipped  uint64 // accepted by the collector or written to the output
	BytesShipped        uint64
	GenerationsDropped  uint64 // never sent: backlog full, too large, or left at Close
	BytesDropped        uint64
	GenerationsRejected uint64 // refused for good by the collector (4xx), or by the output
	BytesRejected       uint64

	Errors       uint64 // failed attempts to send
	Retries      uint64 // attempts after a failed one
	TracerBusy   uint64 // times somebody else ran the tracer when we wanted to start
	BacklogBytes int    // held in memory now
	SpoolBytes   int64  // on disk now
	LastError    string

	FlightRecorder  bool   // ours runs now
	Triggers        uint64 // captures begun because something fired or asked
	TriggersIgnored uint64 // fired during the cool-down or while a capture was being made
	Captures        uint64 // captures made because of a trigger
	LastTrigger     string // reason and detail
}

// counters are read by Stats while the agent's goroutines write them.
type counters struct {
	generationsShipped, bytesShipped   atomic.Uint64
	generationsDropped, bytesDropped   atomic.Uint64
	generationsRejected, bytesRejected atomic.Uint64
	errors, retries, tracerBusy        atomic.Uint64
	triggers, triggersIgnored          atomic.Uint64
	captures                           atomic.Uint64
	flying                             atomic.Bool
	spooled                            atomic.Int64

	mu        sync.Mutex
	tracing   bool
	capture   string
	lastError string
	trigger   string
}

func (c *counters) shipped(generations, bytes uint64) {
	c.generationsShipped.Add(generations)
	c.bytesShipped.Add(bytes)
}

func (c *counters) dropped(generations, bytes int) {
	c.generationsDropped.Add(uint64(generations))
	c.bytesDropped.Add(uint64(bytes))
}

func (c *counters) rejected(generations, bytes uint64) {
	c.generationsRejected.Add(generations)
	c.bytesRejected.Add(bytes)
}

func (c *counters) failed(err error) {
	c.errors.Add(1)
	c.mu.Lock()
	c.lastError = err.Error()
	c.mu.Unlock()
}

func (c *counters) triggered(r captureRequest) {
	c.triggers.Add(1)
	c.mu.Lock()
	c.trigger = strings.TrimSpace(r.reason + " " + r.detail)
	c.mu.Unlock()
}

func (c *counters) capturing(capture string, tracing bool) {
	c.mu.Lock()
	c.capture, c.tracing = capture, tracing
	c.mu.Unlock()
}

func (c *counters) snapshot() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Stats{
		Tracing:             c.tracing,
		Capture:             c.capture,
		GenerationsShipped:  c.generationsShipped.Load(),
		BytesShipped:        c.bytesShipped.Load(),
		GenerationsDropped:  c.generationsDropped.Load(),
		BytesDropped:        c.bytesDropped.Load(),
		GenerationsRejected: c.generationsRejected.Load(),
		BytesRejected:       c.bytesRejected.Load(),
		Errors:              c.errors.Load(),
		Retries:             c.retries.Load(),
		TracerBusy:          c.tracerBusy.Load(),
		LastError:           c.lastError,
		SpoolBytes:          c.spooled.Load(),
		FlightRecorder:      c.flying.Load(),
		Triggers:            c.triggers.Load(),
		TriggersIgnored:     c.triggersIgnored.Load(),
		Captures:            c.captures.Load(),
		LastTrigger:         c.trigger,
	}
}
