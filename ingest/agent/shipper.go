package unpark

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"
)

// shipper is the one goroutine that sends. It tries a parcel until it is accepted, refused for good, or given up at
// shutdown; meanwhile the backlog forgets its oldest.
type shipper struct {
	backlog *backlog
	sink    sink
	stats   *counters
	log     *slog.Logger
	redact  func(kind, key, value string) string // nil: nothing is redacted

	maxPostBytes           int
	backoffMin, backoffMax time.Duration
	closing                <-chan struct{} // closed when the agent stops: no more waiting between attempts
	failing                bool
}

// run ends when the backlog is closed and empty, or when ctx is done.
func (s *shipper) run(ctx context.Context) {
	for {
		p, ok := s.backlog.take(ctx.Done(), s.maxPostBytes)
		if !ok {
			return
		}
		if cleaned, err := s.clean(p); err != nil {
			s.stats.failed(err)
			s.stats.dropped(len(p.parts), p.bytes)
		} else {
			s.deliver(ctx, cleaned)
		}
		s.backlog.done()
	}
}

// clean redacts a parcel. It is done here and not where the tracer writes, which must not be held up.
func (s *shipper) clean(p parcel) (parcel, error) {
	if s.redact == nil {
		return p, nil
	}
	parts := make([][]byte, len(p.parts))
	for i, part := range p.parts {
		cleaned, err := redactor{s.redact}.generation(part)
		if err != nil {
			return p, err
		}
		parts[i] = cleaned
	}
	p.parts = parts
	return p, nil
}

func (s *shipper) deliver(ctx context.Context, p parcel) {
	generations := uint64(len(p.parts))
	for attempt := 0; ; attempt++ {
		err := s.sink.send(ctx, p)
		if err == nil {
			s.stats.shipped(generations, uint64(p.bytes))
			s.recovered()
			return
		}
		s.stats.failed(err)
		var retry *retryError
		if !errors.As(err, &retry) {
			s.stats.rejected(generations, uint64(p.bytes))
			s.log.Warn("unpark: trace refused", "error", err)
			return
		}
		s.warnOnce(err)
		if !s.pause(ctx, max(backoff(attempt, s.backoffMin, s.backoffMax), retry.after)) {
			s.stats.dropped(len(p.parts), p.bytes)
			return
		}
		s.stats.retries.Add(1)
	}
}

// pause waits between attempts. While the agent shuts down it waits the shortest time only, so that what is left gets
// its chance within the limit. It reports false when ctx is done.
func (s *shipper) pause(ctx context.Context, wait time.Duration) bool {
	closing := s.closing
	select {
	case <-closing:
		wait, closing = s.backoffMin, nil
	default:
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-closing:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

func (s *shipper) warnOnce(err error) {
	if !s.failing {
		s.failing = true
		s.log.Warn("unpark: cannot ship the trace, trying again", "error", err)
	}
}

func (s *shipper) recovered() {
	if s.failing {
		s.failing = false
		s.log.Info("unpark: shipping works again")
	}
}

// backoff doubles from shortest to longest; half of it is random so that instances do not come back in step.
func backoff(attempt int, shortest, longest time.Duration) time.Duration {
	d := longest
	if attempt < 30 && shortest<<attempt > 0 {
		d = min(shortest<<attempt, longest)
	}
	return d/2 + rand.N(d/2+1)
}
