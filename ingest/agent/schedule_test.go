package unpark

import (
	"testing"
	"time"
)

// simulate runs a schedule for a time in steps of a tenth of a second with a tracer that writes rate bytes a second.
func simulate(s *schedule, rate int, length time.Duration) (bytes, starts int, longestPause time.Duration) {
	const step = 100 * time.Millisecond
	on, now := false, time.Unix(1000, 0)
	stopped := now
	for end := now.Add(length); now.Before(end); now = now.Add(step) {
		if on {
			s.used(now, rate/10)
			bytes += rate / 10
		}
		wanted := s.wanted(now)
		if wanted && !on {
			starts++
			longestPause = max(longestPause, now.Sub(stopped))
		}
		if !wanted && on {
			stopped = now
		}
		on = wanted
	}
	return bytes, starts, longestPause
}

func TestSamplingStaysWithinItsBudget(t *testing.T) {
	for title, rate := range map[string]int{"three times the budget": 300_000, "a hundred times": 10_000_000} {
		t.Run(title, func(t *testing.T) {
			s := &schedule{sampling: &Sampling{BudgetBytesPerSecond: 100_000, Window: 10 * time.Second, MaxPause: time.Minute}}

			bytes, starts, pause := simulate(s, rate, time.Hour)

			perSecond := bytes / 3600
			if perSecond > 104_000 || perSecond < 80_000 {
				t.Errorf("%d bytes/s with a budget of 100,000", perSecond)
			}
			if starts < 50 || pause > 67*time.Second {
				t.Errorf("%d windows, longest pause %v", starts, pause)
			}
		})
	}
}

func TestSamplingThatCostsLittleNeverStops(t *testing.T) {
	s := &schedule{sampling: &Sampling{BudgetBytesPerSecond: 100_000, Window: 10 * time.Second, MaxPause: time.Minute}}

	bytes, starts, _ := simulate(s, 50_000, 10*time.Minute)

	if starts != 1 || bytes < 29_000_000 {
		t.Errorf("%d starts, %d bytes", starts, bytes)
	}
}

func TestACaptureOnDemandEndsWithItsTimeOrItsBytes(t *testing.T) {
	now := time.Unix(1000, 0)
	s := &schedule{}
	if s.wanted(now) {
		t.Fatal("runs without a reason")
	}
	s.demand(now.Add(5*time.Second), 1000)
	if !s.wanted(now.Add(4*time.Second)) || s.wanted(now.Add(5*time.Second)) {
		t.Error("does not last as long as asked")
	}
	s.used(now.Add(time.Second), 1000)
	if s.wanted(now.Add(2 * time.Second)) {
		t.Error("goes on beyond its bytes")
	}
}

func TestASurgeIsARiseAboveTheUsual(t *testing.T) {
	now := time.Unix(1000, 0)
	s := &surge{factor: 3}
	at := func(second, n int) bool { return s.rises(n, now.Add(time.Duration(second)*time.Second)) }
	for second := range 60 {
		if at(second, 100+second%7) {
			t.Fatalf("fires in second %d though nothing changes", second)
		}
	}
	if at(60, 290) {
		t.Error("fires below the factor")
	}
	if !at(61, 400) || at(62, 410) {
		t.Error("does not fire exactly once for one rise")
	}
	small := &surge{factor: 3}
	for second := range 30 {
		if small.rises(10+second*3, now.Add(time.Duration(second)*time.Second)) {
			t.Fatal("fires for a few goroutines")
		}
	}
}
