package unpark

import (
	"context"
	"fmt"
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
	gate    gate

	requests   chan captureRequest // capacity 1, as the gate lets one through
	tellOnce   sync.Once
	closing    chan struct{} // closed first: no new capture, ship what is there
	supervised chan struct{} // closed when the tracer is stopped and its last generation is in the backlog
	shipped    chan struct{} // closed when the shipper has ended
	giveUp     context.CancelFunc
	closeOnce  sync.Once
	closeErr   error
}

// Start begins tracing, as Config.Mode says, and shipping. An error means that the configuration is unusable. A tracer that
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
		gate:       gate{cooldown: config.Trigger.Cooldown},
		requests:   make(chan captureRequest, 1),
		closing:    make(chan struct{}),
		supervised: make(chan struct{}),
		shipped:    make(chan struct{}),
	}
	a.backlog = newBacklog(config.MaxBacklogBytes, a.stats.dropped)
	var spool *spool
	if config.SpoolDir != "" {
		if spool, err = openSpool(config.SpoolDir, config.MaxSpoolBytes, a.stats.dropped); err != nil {
			return nil, err
		}
	}
	shipContext, giveUp := context.WithCancel(context.Background())
	a.giveUp = giveUp
	s := newSupervisor(a)
	s.look(time.Now())
	go s.run()
	go a.ship(shipContext, spool)
	if config.Mode.has(Triggered) {
		watching.Store(a)
		if config.Collector != "" && !config.Trigger.NoRequests {
			go a.heed(shipContext)
		}
	}
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
	watching.CompareAndSwap(a, nil)
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

func (a *Agent) ship(ctx context.Context, spool *spool) {
	defer close(a.shipped)
	s := &shipper{
		backlog:      a.backlog,
		stats:        a.stats,
		log:          a.config.Logger,
		redact:       a.config.Redact,
		maxPostBytes: a.config.MaxPostBytes,
		backoffMin:   a.config.BackoffMin,
		backoffMax:   a.config.BackoffMax,
		closing:      a.closing,
	}
	switch {
	case a.config.Output != nil:
		s.sink = &writerSink{out: a.config.Output}
	case a.config.Ship != nil:
		s.sink = &funcSink{config: a.config}
	case spool != nil:
		collector := newCollectorSink(a.config, a.stats.generationsDropped.Load)
		(&spooled{shipper: s, collector: collector, spool: spool}).run(ctx)
		return
	default:
		s.sink = newCollectorSink(a.config, a.stats.generationsDropped.Load)
	}
	s.run(ctx)
}
