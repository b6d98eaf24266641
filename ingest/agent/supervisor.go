package unpark

import (
	"context"
	"runtime"
	"runtime/trace"
	"time"
)

// supervisor owns the tracer and the flight recorder of its agent. All of it happens on one goroutine.
type supervisor struct {
	agent   *Agent
	plan    schedule
	current *capture // nil while our tracer is off
	flight  *flight  // nil while our flight recorder is off
	broken  bool     // this version of Go writes what we cannot cut: tracing is off for good
	surge   surge

	nextTry   time.Time // of a tracer that somebody else has
	nextFly   time.Time // of a flight recorder that somebody else has
	pending   *captureRequest
	pendingAt time.Time // when to take the snapshot, or when the capture is over
	snapshot  bool      // pending is answered by a snapshot
}

func newSupervisor(a *Agent) *supervisor {
	s := &supervisor{agent: a, surge: surge{factor: a.config.Trigger.GoroutineSurge}}
	s.plan.continuous = a.config.Mode.has(Continuous)
	if a.config.Mode.has(Sampled) {
		s.plan.sampling = &a.config.Sampling
	}
	return s
}

// run ends when the agent closes; then the tracer is off and what it wrote is in the backlog.
func (s *supervisor) run() {
	defer close(s.agent.supervised)
	for !s.pause() {
		s.look(time.Now())
	}
	s.pendingAt = time.Time{}
	s.answer(time.Now())
	if s.current != nil {
		s.stopTracer()
	}
	s.land()
}

// pause waits until there is something to look at; it reports that the agent closes.
func (s *supervisor) pause() bool {
	now := time.Now()
	wait := tracerCheck
	for _, at := range []time.Time{s.nextTry, s.nextFly, s.pendingAt, s.plan.nextWindow, s.plan.demandUntil} {
		if at.After(now) {
			wait = min(wait, at.Sub(now))
		}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-s.agent.closing:
		return true
	case r := <-s.agent.requests:
		s.take(r, time.Now())
	case <-timer.C:
	}
	return false
}

// look brings tracer and flight recorder into the state they should be in.
func (s *supervisor) look(now time.Time) {
	s.checkTracer(now)
	s.fly(now)
	s.answer(now)
	wanted := s.plan.wanted(now) && !s.broken
	switch {
	case s.current != nil && !wanted:
		s.stopTracer()
	case s.current == nil && wanted && !now.Before(s.nextTry):
		s.startTracer(now)
	}
	if s.agent.config.Mode.has(Triggered) && s.surge.rises(runtime.NumGoroutine(), now) {
		_ = s.agent.request(captureRequest{purpose: purpose{reason: "goroutine_surge"}}, false)
	}
}

func (s *supervisor) checkTracer(now time.Time) {
	if s.current == nil {
		return
	}
	s.plan.used(now, s.current.progress())
	if err := s.current.broken(); err != nil { // the next capture would be no better
		s.broken = true
		s.agent.stats.failed(err)
		s.agent.config.Logger.Error("unpark: tracing is off", "error", err)
		s.stopTracer()
		return
	}
	if s.current.ended() {
		s.stopTracer()
	}
}

func (s *supervisor) startTracer(now time.Time) {
	a := s.agent
	c := newCapture(a.config.MaxGenerationBytes, s.flight, a.backlog.put, a.stats.dropped)
	if s.pending != nil && !s.snapshot {
		c.purpose = s.pending.purpose
	}
	if err := trace.Start(c); err != nil {
		a.stats.tracerBusy.Add(1)
		s.nextTry = now.Add(a.config.TracerRetry)
		return
	}
	s.current = c
	a.stats.capturing(c.id, true)
}

func (s *supervisor) stopTracer() {
	if !s.current.ended() {
		trace.Stop()
	}
	s.current.finish()
	s.agent.stats.capturing(s.current.id, false)
	s.current = nil
}

// fly keeps the flight recorder running where the mode asks for it.
func (s *supervisor) fly(now time.Time) {
	mode := s.agent.config.Mode
	if !mode.has(Triggered) || mode.has(Continuous) || s.broken || now.Before(s.nextFly) {
		return
	}
	if s.flight != nil && s.flight.dead() {
		s.land()
	}
	if s.flight != nil {
		return
	}
	s.flight = startFlight(s.agent.config.Trigger)
	s.agent.stats.flying.Store(s.flight != nil)
	if s.flight == nil {
		s.nextFly = now.Add(s.agent.config.TracerRetry)
		s.agent.noFlightRecorder()
	}
}

func (s *supervisor) land() {
	if s.flight != nil {
		s.flight.recorder.stop()
		s.flight = nil
		s.agent.stats.flying.Store(false)
	}
}

// take begins a capture that somebody asked for. The gate has let only one through.
func (s *supervisor) take(r captureRequest, now time.Time) {
	s.look(now)
	t := s.agent.config.Trigger
	s.pending, s.snapshot = &r, false
	switch {
	case s.plan.continuous:
		s.pendingAt = now
		if r.command != "" && s.current != nil { // shipped anyway: the collector is told which part it asked for
			s.pendingAt = now.Add(s.lasting(r))
			s.current.because(r.purpose)
		}
	case s.flight != nil && r.lasting == 0:
		s.snapshot, s.pendingAt = true, now.Add(t.Linger)
	default:
		s.pendingAt = now.Add(s.lasting(r))
		s.plan.demand(s.pendingAt, t.MaxCaptureBytes)
		if s.current != nil {
			s.current.because(r.purpose)
		} else {
			s.nextTry = time.Time{}
			s.startTracer(now)
		}
	}
	var page paper
	text := page.message().add("reason", r.reason).last("detail", r.detail)
	trace.Log(context.Background(), categoryCapture, string(text))
}

// lasting is how long a capture that begins now takes.
func (s *supervisor) lasting(r captureRequest) time.Duration {
	if r.lasting > 0 {
		return r.lasting
	}
	return s.agent.config.Trigger.After
}

// answer ends the capture that somebody asked for when its time has come.
func (s *supervisor) answer(now time.Time) {
	if s.pending == nil {
		return
	}
	lasts := !s.snapshot && (s.plan.continuous || s.plan.demanded(now))
	if now.Before(s.pendingAt) && (s.snapshot || lasts) && !s.pendingAt.IsZero() {
		return
	}
	a := s.agent
	switch {
	case s.snapshot && s.flight != nil:
		err := s.flight.snapshot(a.config.Trigger.MaxCaptureBytes, a.config.MaxGenerationBytes, s.pending.purpose,
			a.backlog.put, a.stats.dropped)
		if err != nil {
			a.stats.failed(err)
		} else {
			a.stats.captures.Add(1)
		}
	case s.current != nil:
		a.stats.captures.Add(1)
	}
	s.plan.demandUntil = time.Time{}
	if s.current != nil && s.plan.wanted(now) { // else what it writes at its end still belongs to the reason
		s.current.because(purpose{})
	}
	s.pending, s.pendingAt = nil, time.Time{}
	a.gate.leave(now)
}
