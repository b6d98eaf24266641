package unpark

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Why [Agent.Capture] does nothing.
var (
	ErrNotTriggered   = errors.New("unpark: the agent does not run in the mode Triggered")
	ErrCoolingDown    = errors.New("unpark: the last capture was a moment ago")
	ErrCaptureRunning = errors.New("unpark: a capture is being made")
	ErrClosed         = errors.New("unpark: the agent is closed")
)

const maxReasonBytes = 64

// captureRequest is one wish to see what goes on.
type captureRequest struct {
	purpose               // its reason is a word, see cleanReason
	detail  string        // free text for the mark in the trace
	lasting time.Duration // 0: what Trigger says
}

// Capture ships what the flight recorder holds and what Trigger.Linger adds, because of reason: a word such as
// "queue_full", which travels with the trace. It returns at once; the error says why nothing will come.
func (a *Agent) Capture(reason string) error {
	return a.request(captureRequest{purpose: purpose{reason: cleanReason(reason)}}, false)
}

func (a *Agent) request(r captureRequest, force bool) error {
	if !a.config.Mode.has(Triggered) {
		return ErrNotTriggered
	}
	select {
	case <-a.closing:
		return ErrClosed
	default:
	}
	if err := a.gate.enter(time.Now(), force); err != nil {
		a.stats.triggersIgnored.Add(1)
		return err
	}
	a.stats.triggered(r)
	a.requests <- r // has room: the gate lets one through at a time
	return nil
}

// gate lets one capture be made at a time, and leaves a pause between them.
type gate struct {
	cooldown time.Duration

	mu       sync.Mutex
	busy     bool
	notUntil time.Time
}

func (g *gate) enter(now time.Time, force bool) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.busy:
		return ErrCaptureRunning
	case !force && now.Before(g.notUntil):
		return ErrCoolingDown
	}
	g.busy = true
	return nil
}

func (g *gate) leave(now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.busy = false
	g.notUntil = now.Add(g.cooldown)
}

// cleanReason makes a word that fits into a header.
func cleanReason(reason string) string {
	word := strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r
		}
		return '_'
	}, cut(reason, maxReasonBytes))
	if word == "" {
		return "manual"
	}
	return word
}

// watching is the agent whose triggers look at requests: the last one that was started in the mode Triggered. The
// tracer is one for the process, and so are the requests.
var watching atomic.Pointer[Agent]

// watchRequest fires when the request is still running after its limit. The caller calls stop at its end.
func (a *Agent) watchRequest(route string) (stop func()) {
	limit := a.config.Trigger.SlowRequest
	if of := a.config.Trigger.SlowRoute; of != nil {
		if own := of(route); own != 0 {
			limit = own
		}
	}
	if limit <= 0 {
		return func() {}
	}
	timer := time.AfterFunc(limit, func() {
		_ = a.request(captureRequest{purpose: purpose{reason: "slow_request"}, detail: route}, false)
	})
	return func() { timer.Stop() }
}

func (a *Agent) deadlineExceeded(route string) {
	if a.config.Trigger.DeadlineExceeded {
		_ = a.request(captureRequest{purpose: purpose{reason: "deadline_exceeded"}, detail: route}, false)
	}
}

// watchDeadline tells the watching agent, if any, that a deadline has passed.
func watchDeadline(err error, route string) {
	if !errors.Is(err, context.DeadlineExceeded) {
		return
	}
	if a := watching.Load(); a != nil {
		a.deadlineExceeded(route)
	}
}

func (a *Agent) noFlightRecorder() {
	a.tellOnce.Do(func() {
		why := "somebody else in this process has it"
		if !hasFlightRecorder {
			why = "Go has one from 1.25 on"
		}
		a.config.Logger.Warn("unpark: no flight recorder, a trigger starts the tracer instead: what led to it is not seen",
			"why", why, "after", a.config.Trigger.After)
	})
}
