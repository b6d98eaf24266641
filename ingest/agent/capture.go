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
	written   int // bytes since the last look
	finished  bool
	purpose
}

// newCapture: within a flight recorder's run the capture is part of it; within may be nil.
func newCapture(maxGenerationBytes int, within *flight, emit func(generation), lost func(generations, bytes int)) *capture {
	c := &capture{id: newCaptureID(), lastWrite: time.Now()}
	put := func(g generation) {
		g.purpose = c.purpose
		emit(g)
	}
	if within != nil {
		c.id = within.id
		put = func(g generation) {
			if within.claim(g.seq) {
				g.purpose = c.purpose
				emit(g)
			}
		}
	}
	c.split = splitter{capture: c.id, numbered: within != nil, maxBytes: maxGenerationBytes, emit: put, lost: lost}
	return c
}

func newCaptureID() string { return fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64()) }

func (c *capture) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lastWrite = time.Now()
	if c.finished {
		return len(p), nil
	}
	c.written += len(p)
	return c.split.Write(p)
}

// ended reports that the tracer no longer writes to us: somebody stopped it, or runs one of their own.
func (c *capture) ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !trace.IsEnabled() || time.Since(c.lastWrite) > tracerSilent
}

// because notes why the capture is made, from here on.
func (c *capture) because(why purpose) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.purpose = why
}

// progress is the bytes written since it was asked last.
func (c *capture) progress() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.written
	c.written = 0
	return n
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
