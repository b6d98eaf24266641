package unpark

import (
	"math"
	"math/rand/v2"
	"time"
)

// schedule decides whether the tracer should run. It knows no clock and no tracer; one goroutine uses it at a time.
type schedule struct {
	continuous bool
	sampling   *Sampling // nil: no sampled windows

	inWindow    bool
	windowStart time.Time
	windowBytes int
	nextWindow  time.Time // while not in a window

	demandUntil time.Time // somebody asked for a capture
	demandLeft  int       // bytes it may still take
}

// wanted says whether the tracer should run at now.
func (s *schedule) wanted(now time.Time) bool {
	if s.continuous || s.demanded(now) {
		return true
	}
	if s.sampling == nil {
		return false
	}
	if !s.inWindow && !now.Before(s.nextWindow) {
		s.inWindow, s.windowStart, s.windowBytes = true, now, 0
	}
	if s.inWindow && s.windowOver(now) {
		s.closeWindow(now)
	}
	return s.inWindow
}

func (s *schedule) demanded(now time.Time) bool { return now.Before(s.demandUntil) && s.demandLeft > 0 }

// demand asks for a capture of its own until at. It costs the sampling's budget nothing: cool-down and maxBytes bound it.
func (s *schedule) demand(until time.Time, maxBytes int) {
	s.demandUntil, s.demandLeft = until, maxBytes
}

// used is told what the tracer wrote.
func (s *schedule) used(now time.Time, bytes int) {
	if s.demanded(now) {
		s.demandLeft -= bytes
		return
	}
	if s.inWindow {
		s.windowBytes += bytes
	}
}

func (s *schedule) windowOver(now time.Time) bool {
	return now.Sub(s.windowStart) >= s.sampling.Window || s.cost() >= s.sampling.MaxPause
}

// cost is how long the budget needs to earn what the window has used.
func (s *schedule) cost() time.Duration {
	seconds := float64(s.windowBytes) / float64(s.sampling.BudgetBytesPerSecond)
	return time.Duration(min(seconds*float64(time.Second), float64(math.MaxInt64/4)))
}

func (s *schedule) closeWindow(now time.Time) {
	s.nextWindow = s.windowStart.Add(s.cost())
	if !s.nextWindow.After(now) { // within the budget: the tracer need not stop
		s.windowStart, s.windowBytes = now, 0
		return
	}
	s.inWindow = false
	// Up to a tenth longer, so that instances started together do not sample in step.
	s.nextWindow = s.nextWindow.Add(rand.N(s.nextWindow.Sub(now)/10 + 1))
}
