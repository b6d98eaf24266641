package unpark

import "time"

const (
	surgeAverage  = 2 * time.Minute // over which the usual number is an average
	surgeWarmUp   = 10 * time.Second
	surgeLeastNew = 200
)

// surge watches the number of goroutines.
type surge struct {
	factor float64 // 0: never

	usual       float64
	first, last time.Time
}

// rises is told the number now and then, and reports when it is far above the usual. After that the new number is the
// usual one: it must rise as much again.
func (s *surge) rises(goroutines int, now time.Time) bool {
	if s.factor == 0 {
		return false
	}
	n := float64(goroutines)
	if s.last.IsZero() {
		s.first, s.last, s.usual = now, now, n
		return false
	}
	if now.Sub(s.first) >= surgeWarmUp && n >= s.usual*s.factor && n >= s.usual+surgeLeastNew {
		s.usual, s.last = n, now
		return true
	}
	weight := min(float64(now.Sub(s.last))/float64(surgeAverage), 1)
	if now.Sub(s.first) < surgeWarmUp {
		weight = 1 // a service that starts has no usual number yet
	}
	s.usual += (n - s.usual) * weight
	s.last = now
	return false
}
