package unpark

import (
	"fmt"
	"math/rand/v2"
	"runtime/trace"
	"sync"
	"time"
)

// capture is one run of the tracer. The tracer writes from its own goroutine, and may do so for a moment after it was
// stopped when a flight recorder runs too, hence the lock.
type capture struct {
	id string

	mu        sync.Mutex
	split     splitter
	lastWrite time.Time
	finished  bool
}

func newCapture(maxGenerationBytes int, emit func(generation), lost func(generations, bytes int)) *capture {
	id := fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64())
	return &capture{
		id:        id,
		split:     splitter{capture: id, maxBytes: maxGenerationBytes, emit: emit, lost: lost},
		lastWrite: time.Now(),
	}
}

func (c *capture) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lastWrite = time.Now()
	if c.finished {
		return len(p), nil
	}
	return c.split.Write(p)
}

// ended reports that the tracer no longer writes to us: somebody stopped it, or runs one of their own.
func (c *capture) ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !trace.IsEnabled() || time.Since(c.lastWrite) > tracerSilent
}

func (c *capture) finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.finished {
		c.finished = true
		c.split.finish()
	}
}

// broken says why the stream cannot be cut: a format this version of the agent does not know.
func (c *capture) broken() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.split.err
}
