package unpark

import (
	"errors"
	"strings"
	"time"
)

// Mode says when the tracer runs. Modes are added with |; the zero Mode is [Continuous].
type Mode uint8

const (
	// Continuous traces and ships all the time.
	Continuous Mode = 1 << iota
	// Sampled traces for a while, then pauses for as long as [Sampling] needs to stay within its budget. With a budget
	// that is never reached it is continuous; the two exclude each other.
	Sampled
	// Triggered keeps the last seconds in the runtime's flight recorder (Go 1.25 or later) and ships them when
	// something happens, see [Trigger]. Beside Sampled it adds what the pauses miss. Beside Continuous everything is
	// shipped anyway: a trigger then only writes its mark into the trace.
	//
	// Where there is no flight recorder (before Go 1.25, or when somebody else has it) a trigger starts the tracer for
	// Trigger.After instead: one sees what follows, not what led to it. Stats.FlightRecorder tells, and so does a line
	// on the Logger.
	Triggered
)

// Limits and periods used where [Sampling] and [Trigger] leave a field at zero.
const (
	DefaultSamplingBudget  = 64 << 10
	DefaultSamplingWindow  = 10 * time.Second
	DefaultMaxPause        = 5 * time.Minute
	DefaultTriggerBefore   = 10 * time.Second
	DefaultTriggerAfter    = 5 * time.Second
	DefaultTriggerLinger   = time.Second
	DefaultCooldown        = time.Minute
	DefaultMaxCaptureBytes = 8 << 20
	// MaxRequestedCapture is the longest that a request of the collector may ask for.
	MaxRequestedCapture = time.Minute
)

// Sampling bounds what [Sampled] produces.
type Sampling struct {
	// BudgetBytesPerSecond of trace before compression, on average. A service at 1,000 requests/s writes about
	// 300 kB/s.
	BudgetBytesPerSecond int
	// Window is how long the tracer runs at a time; shorter where a window of this length would need a longer pause
	// than MaxPause.
	Window time.Duration
	// MaxPause is the longest time without a trace.
	MaxPause time.Duration
}

// Trigger says what makes [Triggered] ship, and how much. A manual call, [Agent.Capture], always does.
type Trigger struct {
	// SlowRequest fires when a request that [Middleware] sees has run for this long, whether it ends or not. 0: never.
	SlowRequest time.Duration
	// SlowRoute may give another limit for a route; 0 means SlowRequest, below 0 never (long polls, streams).
	SlowRoute func(route string) time.Duration
	// DeadlineExceeded fires when a request's or call's deadline passes before it is done.
	DeadlineExceeded bool
	// GoroutineSurge fires when there are this many times as many goroutines as on average in the last minutes, and at
	// least 200 more. 0: never; values up to 1 make no sense and are refused.
	GoroutineSurge float64
	// NoRequests leaves the collector without a say. Otherwise the agent asks it every now and then (a long poll)
	// whether somebody wants a trace of this process.
	NoRequests bool

	// Before is how far the flight recorder reaches back, about.
	Before time.Duration
	// After is how long a capture lasts where there is no flight recorder.
	After time.Duration
	// Linger is waited between the trigger and the snapshot, so that it shows how the matter went on.
	Linger time.Duration
	// Cooldown is the least time between two captures. What fires meanwhile is counted only. A request of the
	// collector does not wait for it.
	Cooldown time.Duration
	// MaxCaptureBytes bounds the flight recorder's memory (the runtime takes it as a hint) and each capture; what is
	// beyond is cut off at its old end, or ends a capture that is made after the trigger.
	MaxCaptureBytes int
}

func (m Mode) has(other Mode) bool { return m&other != 0 }

// String names the modes, as in "sampled|triggered".
func (m Mode) String() string {
	var names []string
	for i, name := range []string{"continuous", "sampled", "triggered"} {
		if m.has(1 << i) {
			names = append(names, name)
		}
	}
	return strings.Join(names, "|")
}

func (c *Config) modeDefaults() error {
	if c.Mode == 0 {
		c.Mode = Continuous
	}
	if c.Mode >= Triggered<<1 {
		return errors.New("unpark: Config.Mode holds an unknown mode")
	}
	if c.Mode.has(Continuous) && c.Mode.has(Sampled) {
		return errors.New("unpark: Continuous and Sampled exclude each other; Sampled is continuous while its budget lasts")
	}
	if c.Mode != Continuous && c.Output != nil {
		return errors.New("unpark: Config.Output takes one trace without gaps: it needs the mode Continuous alone")
	}
	if surge := c.Trigger.GoroutineSurge; surge != 0 && !(surge > 1) {
		return errors.New("unpark: Config.Trigger.GoroutineSurge must be more than 1")
	}
	orDefault(&c.Sampling.BudgetBytesPerSecond, DefaultSamplingBudget)
	orDefault(&c.Sampling.Window, DefaultSamplingWindow)
	orDefault(&c.Sampling.MaxPause, DefaultMaxPause)
	orDefault(&c.Trigger.Before, DefaultTriggerBefore)
	orDefault(&c.Trigger.After, DefaultTriggerAfter)
	orDefault(&c.Trigger.Linger, DefaultTriggerLinger)
	orDefault(&c.Trigger.Cooldown, DefaultCooldown)
	orDefault(&c.Trigger.MaxCaptureBytes, DefaultMaxCaptureBytes)
	return nil
}
