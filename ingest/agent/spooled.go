package unpark

import (
	"context"
	"errors"
	"time"
)

// spooled is a shipper with a folder behind it. While the collector answers, nothing touches the disk. When it does not,
// everything goes through the folder, in order, until that is empty again; what is left at the end stays for the
// next process.
type spooled struct {
	*shipper
	collector *collectorSink
	spool     *spool

	attempt   int
	notBefore time.Time
}

var alreadyDone = func() <-chan struct{} { c := make(chan struct{}); close(c); return c }()

// run ends when the backlog is closed and nothing more can be shipped now, or when ctx is done.
func (s *spooled) run(ctx context.Context) {
	defer s.toSpool()
	for ctx.Err() == nil {
		s.stats.spooled.Store(s.spool.size)
		if s.spool.empty() && !s.waiting() {
			p, ok := s.backlog.take(ctx.Done(), s.maxPostBytes)
			if !ok {
				return
			}
			s.direct(ctx, p)
			continue
		}
		s.toSpool()
		if s.waiting() {
			if !s.rest(ctx) {
				return
			}
			continue
		}
		if l, ok := s.spool.oldest(); ok && s.post(ctx, l) {
			s.spool.removeOldest()
		}
	}
}

func (s *spooled) waiting() bool { return time.Now().Before(s.notBefore) }

// rest waits for the next attempt, or for something to put away. It reports false when the agent is closed: the next
// process will try.
func (s *spooled) rest(ctx context.Context) bool {
	if s.backlog.isClosed() {
		return false
	}
	timer := time.NewTimer(time.Until(s.notBefore))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.backlog.wake:
		return !s.backlog.isClosed()
	case <-ctx.Done():
		return false
	}
	return true
}

// direct sends a parcel that has not been on the disk.
func (s *spooled) direct(ctx context.Context, p parcel) {
	defer s.backlog.done()
	l, ok := s.packed(p)
	if ok && !s.post(ctx, l) {
		s.keep(l)
	}
}

// toSpool puts away all that waits.
func (s *spooled) toSpool() {
	for {
		p, ok := s.backlog.take(alreadyDone, s.maxPostBytes)
		if !ok {
			break
		}
		if l, ok := s.packed(p); ok {
			s.keep(l)
		}
		s.backlog.done()
	}
	s.stats.spooled.Store(s.spool.size)
}

func (s *spooled) keep(l letter) {
	if err := s.spool.put(l, time.Now()); err != nil {
		s.stats.failed(err)
		s.stats.dropped(l.generations, l.bytes)
	}
}

func (s *spooled) packed(p parcel) (letter, bool) {
	p, err := s.clean(p)
	var l letter
	if err == nil {
		l, err = s.collector.pack(p)
	}
	if err != nil {
		s.stats.failed(err)
		s.stats.dropped(len(p.parts), p.bytes)
		return letter{}, false
	}
	return l, true
}

// post reports whether the letter is done with: accepted, or refused for good.
func (s *spooled) post(ctx context.Context, l letter) bool {
	err := s.collector.post(ctx, l)
	if err == nil {
		s.attempt = 0
		s.stats.shipped(uint64(l.generations), uint64(l.bytes))
		s.recovered()
		return true
	}
	s.stats.failed(err)
	var retry *retryError
	if !errors.As(err, &retry) {
		s.stats.rejected(uint64(l.generations), uint64(l.bytes))
		s.log.Warn("unpark: trace refused", "error", err)
		return true
	}
	s.warnOnce(err)
	s.stats.retries.Add(1)
	s.notBefore = time.Now().Add(max(backoff(s.attempt, s.backoffMin, s.backoffMax), retry.after))
	s.attempt++
	return false
}
