package unpark

import (
	"context"
	"fmt"
	"runtime/trace"
	"sync"
	"time"
)

const (
	// tracerCheck is how often the agent looks whether its tracer still runs.
	tracerCheck = time.Second
	// tracerSilent is how long a running tracer may write nothing: it closes a generation every second, so
	// silence means that somebody stopped it (trace.Stop stops anybody's).
	tracerSilent = 10 * time.Second
	// closeWithin is the limit for the last shipping when the context given to Start ends.
	closeWithin = 5 * time.Second
)

// Agent ships the trace of this process until it is closed.
type Agent struct {
	config  Config
	stats   *counters
	backlog *backlog

	closing    chan struct{} // closed first: no new capture, ship what is there
	supervised chan struct{} // closed when the tracer is stopped and its last generation is in the backlog
	shipped    chan struct{} // closed when the shipper has ended
	giveUp     context.CancelFunc
	closeOnce  sync.Once
	closeErr   error
}

// Start begins continuous tracing and shipping. An error means that the configuration is unusable. A tracer that
// somebody else runs is left alone: the agent tries again every Config.TracerRetry (Stats.TracerBusy counts).
// When ctx ends, the agent closes itself with a limit of five seconds.
func Start(ctx context.Context, config Config) (*Agent, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	a := &Agent{
		config:     config,
		stats:      &counters{},
		closing:    make(chan struct{}),
		supervised: make(chan struct{}),
		shipped:    make(chan struct{}),
	}
	a.backlog = newBacklog(config.MaxBacklogBytes, a.stats.dropped)
	shipContext, giveUp := context.WithCancel(context.Background())
	a.giveUp = giveUp
	first := a.startCapture()
	go a.supervise(first)
	go a.ship(shipContext)
	context.AfterFunc(ctx, func() {
		limited, cancel := context.WithTimeout(context.Background(), closeWithin)
		defer cancel()
		_ = a.Close(limited)
	})
	return a, nil
}

// Stats may be called at any time, from any goroutine.
func (a *Agent) Stats() Stats {
	s := a.stats.snapshot()
	s.BacklogBytes = a.backlog.bytes()
	return s
}

// Close stops the tracer and ships what is left, until ctx is done. The error says what could not be shipped in time;
// what the collector refused or what was dropped earlier is in Stats only. Later calls return what the first returned.
func (a *Agent) Close(ctx context.Context) error {
	a.closeOnce.Do(func() { a.closeErr = a.close(ctx) })
	return a.closeErr
}

func (a *Agent) close(ctx context.Context) error {
	before := a.stats.generationsDropped.Load()
	close(a.closing)
	select {
	case <-a.supervised:
	case <-ctx.Done():
	}
	a.backlog.close()
	select {
	case <-a.shipped:
	case <-ctx.Done():
		a.giveUp()
		<-a.shipped
	}
	a.giveUp()
	a.backlog.discard()
	if left := a.stats.generationsDropped.Load() - before; left > 0 {
		return fmt.Errorf("unpark: %d generations were not shipped in time", left)
	}
	return nil
}

func (a *Agent) ship(ctx context.Context) {
	defer close(a.shipped)
	s := &shipper{
		backlog:      a.backlog,
		stats:        a.stats,
		log:          a.config.Logger,
		maxPostBytes: a.config.MaxPostBytes,
		backoffMin:   a.config.BackoffMin,
		backoffMax:   a.config.BackoffMax,
		closing:      a.closing,
	}
	if a.config.Output != nil {
		s.sink = &writerSink{out: a.config.Output}
	} else {
		s.sink = newCollectorSink(a.config)
	}
	s.run(ctx)
}

// supervise keeps a capture running until the agent closes.
func (a *Agent) supervise(current *capture) {
	defer close(a.supervised)
	for {
		wait := a.config.TracerRetry
		if current != nil {
			wait = tracerCheck
		}
		if a.closingWithin(wait) {
			break
		}
		if current != nil {
			if err := current.broken(); err != nil { // the next capture would be no better
				a.stats.failed(err)
				a.config.Logger.Error("unpark: tracing is off", "error", err)
				break
			}
			if !current.ended() {
				continue
			}
			a.stopCapture(current)
		}
		current = a.startCapture()
	}
	if current != nil {
		a.stopCapture(current)
	}
}

func (a *Agent) stopCapture(c *capture) {
	if !c.ended() {
		trace.Stop()
	}
	c.finish()
	a.stats.capturing(c.id, false)
}

func (a *Agent) closingWithin(wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-a.closing:
		return true
	case <-timer.C:
		return false
	}
}

// startCapture returns nil when somebody else runs the tracer.
func (a *Agent) startCapture() *capture {
	c := newCapture(a.config.MaxGenerationBytes, a.backlog.put, a.stats.dropped)
	if err := trace.Start(c); err != nil {
		a.stats.tracerBusy.Add(1)
		return nil
	}
	a.stats.capturing(c.id, true)
	return c
}
