package unpark

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"runtime/trace"
	"strings"
	"testing"
	"time"
)

func triggered(collector string) Config {
	config := testConfig(collector)
	config.Mode = Triggered
	config.TracerRetry = 20 * time.Millisecond
	config.Trigger = Trigger{NoRequests: true, Linger: 50 * time.Millisecond, After: 300 * time.Millisecond, Cooldown: time.Hour}
	return config
}

// before makes sure that the marker lies before the trigger, in a part of the trace that the recorder holds.
func marked(marker string) { trace.Log(context.Background(), "marker", marker) }

func TestATriggerShipsWhatTheFlightRecorderHolds(t *testing.T) {
	// Given
	collector := newFakeCollector(t, nil)
	agent := start(t, triggered(collector.URL))
	marked("before-the-trigger")

	// When
	if err := agent.Capture("queue full"); err != nil {
		t.Fatal(err)
	}
	await(t, "a capture", func() bool {
		marked("after-the-trigger")
		return agent.Stats().Captures == 1 && len(collector.posts()) > 0
	})
	second := agent.Capture("again")

	// Then
	if !errors.Is(second, ErrCoolingDown) {
		t.Errorf("a second capture at once: %v", second)
	}
	text := parsedByGo(t, joinPosts(collector.posts()))
	if hasFlightRecorder && !strings.Contains(text, "before-the-trigger") {
		t.Error("what was before the trigger is missing")
	}
	if !strings.Contains(text, "after-the-trigger") || !strings.Contains(text, "reason=queue_full") {
		t.Error("what was after the trigger, or its mark, is missing")
	}
	if reason := collector.posts()[0].reason; reason != "queue_full" {
		t.Errorf("reason %q", reason)
	}
	stats := agent.Stats()
	if stats.FlightRecorder != hasFlightRecorder || stats.Triggers != 1 || stats.TriggersIgnored != 1 || stats.LastTrigger != "queue_full" {
		t.Errorf("stats %+v", stats)
	}
}

func TestNothingIsShippedWithoutATrigger(t *testing.T) {
	collector := newFakeCollector(t, nil)
	agent := start(t, triggered(collector.URL))
	marked("unseen")

	if err := closeWithinSeconds(agent, 5); err != nil {
		t.Fatal(err)
	}

	if collector.seen() != 0 || trace.IsEnabled() || agent.Stats().FlightRecorder {
		t.Errorf("%d requests, stats %+v", collector.seen(), agent.Stats())
	}
	if err := agent.Capture("late"); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestOverlappingSnapshotsShipEachGenerationOnce(t *testing.T) {
	collector := newFakeCollector(t, nil)
	config := triggered(collector.URL)
	config.Trigger.Cooldown = time.Millisecond
	agent := start(t, config)

	for n := uint64(1); n <= 3; n++ {
		await(t, "the gate", func() bool { return agent.Capture("again") == nil })
		await(t, "a capture", func() bool { return agent.Stats().Captures == n })
	}
	if err := closeWithinSeconds(agent, 5); err != nil {
		t.Fatal(err)
	}

	if hasFlightRecorder {
		parsedByGo(t, joinPosts(collector.posts())) // Go's reader refuses a generation that comes twice
	}
	for _, p := range collector.posts() {
		parsedByGo(t, p.body)
	}
}

func TestSampledAndTriggeredShipEachGenerationOnce(t *testing.T) {
	// Given: windows and snapshots of the same seconds
	collector := newFakeCollector(t, nil)
	config := triggered(collector.URL)
	config.Mode = Sampled | Triggered
	config.Sampling = Sampling{BudgetBytesPerSecond: 1 << 30}
	agent := start(t, config)
	await(t, "a sampled generation", func() bool { return agent.Stats().GenerationsShipped > 0 })

	// When
	if err := agent.Capture("both"); err != nil {
		t.Fatal(err)
	}
	await(t, "a capture", func() bool { return agent.Stats().Captures == 1 })
	if err := closeWithinSeconds(agent, 5); err != nil {
		t.Fatal(err)
	}

	// Then
	seen := map[string]bool{}
	for _, p := range collector.posts() {
		parsedByGo(t, p.body)
		if seen[p.sequence] {
			t.Errorf("sequence %s twice", p.sequence)
		}
		seen[p.sequence] = true
		if hasFlightRecorder && p.capture != agent.Stats().Capture {
			t.Errorf("capture %s beside %s", p.capture, agent.Stats().Capture)
		}
	}
}

func TestASampledAgentPauses(t *testing.T) {
	collector := newFakeCollector(t, nil)
	config := testConfig(collector.URL)
	config.Mode = Sampled
	config.Sampling = Sampling{BudgetBytesPerSecond: 100, Window: 50 * time.Millisecond, MaxPause: time.Hour}
	agent := start(t, config)

	await(t, "the end of the first window", func() bool { return !agent.Stats().Tracing && !trace.IsEnabled() })

	await(t, "its generations", func() bool { return len(collector.posts()) > 0 })
	parsedByGo(t, joinPosts(collector.posts()))
}

func TestSlowAndOverdueRequestsFire(t *testing.T) {
	cases := map[string]struct {
		trigger Trigger
		timeout string
	}{
		"slow_request":      {Trigger{SlowRequest: 30 * time.Millisecond}, "10s"},
		"deadline_exceeded": {Trigger{DeadlineExceeded: true}, "30ms"},
	}
	for reason, c := range cases {
		t.Run(reason, func(t *testing.T) {
			// Given
			collector := newFakeCollector(t, nil)
			config := triggered(collector.URL)
			c.trigger.NoRequests, c.trigger.After, c.trigger.Linger = true, 200*time.Millisecond, 50*time.Millisecond
			config.Trigger = c.trigger
			agent := start(t, config)
			mux := http.NewServeMux()
			release := make(chan struct{})
			mux.HandleFunc("GET /fast", func(http.ResponseWriter, *http.Request) {})
			mux.HandleFunc("GET /slow", func(http.ResponseWriter, *http.Request) { <-release })
			s := server(t, Middleware(mux, WithDeadlineFromHeader()))

			// When
			ask(t, s, "GET", "/fast")
			before := agent.Stats().Triggers
			done := make(chan struct{})
			go func() {
				defer close(done)
				ask(t, s, "GET", "/slow", "Request-Timeout", c.timeout)
			}()
			await(t, "the trigger", func() bool { return agent.Stats().Triggers == 1 })
			close(release)
			<-done

			// Then
			await(t, "the capture", func() bool { return len(collector.posts()) > 0 })
			if last := agent.Stats().LastTrigger; before != 0 || last != reason+" GET /slow" {
				t.Errorf("%d captures before, then %q", before, last)
			}
			if got := collector.posts()[0].reason; got != reason {
				t.Errorf("reason %q", got)
			}
		})
	}
}

func TestALimitByRoute(t *testing.T) {
	config := triggered("http://unused.invalid")
	config.Trigger.SlowRequest = time.Millisecond
	config.Trigger.SlowRoute = func(route string) time.Duration {
		if route == "GET /events" {
			return -1
		}
		return 0
	}
	agent := start(t, config)
	stop := agent.watchRequest("GET /events")
	defer stop()

	stopOther := agent.watchRequest("GET /orders")
	defer stopOther()

	await(t, "a trigger", func() bool { return agent.Stats().Triggers > 0 })
	if last := agent.Stats().LastTrigger; last != "slow_request GET /orders" {
		t.Errorf("fired for %q", last)
	}
}

func TestATriggerBesideAForeignTracer(t *testing.T) {
	// Given somebody else's trace.Start
	foreign := &lockedBuffer{}
	if err := trace.Start(foreign); err != nil {
		t.Fatal(err)
	}
	collector := newFakeCollector(t, nil)
	agent := start(t, triggered(collector.URL))

	// When
	if err := agent.Capture("beside"); err != nil {
		t.Fatal(err)
	}

	// Then: the recorder runs beside it; without one the attempt ends with nothing
	if hasFlightRecorder {
		await(t, "the capture", func() bool { return len(collector.posts()) > 0 })
	}
	if err := closeWithinSeconds(agent, 5); err != nil {
		t.Fatal(err)
	}
	if !trace.IsEnabled() {
		t.Error("the other tracer was stopped")
	}
	trace.Stop()
	parsedByGo(t, foreign.bytes())
}

func TestAFlightRecorderThatWasStoppedComesBack(t *testing.T) {
	if !hasFlightRecorder {
		t.Skip("no flight recorder before Go 1.25")
	}
	collector := newFakeCollector(t, nil)
	agent := start(t, triggered(collector.URL))

	trace.Stop() // one too many: it ends the tracer under the recorder

	await(t, "the recorder", func() bool { return agent.Stats().FlightRecorder && trace.IsEnabled() })
	marked("alive")
	if err := agent.Capture("alive"); err != nil {
		t.Fatal(err)
	}
	await(t, "the capture", func() bool { return len(collector.posts()) > 0 })
	if !strings.Contains(parsedByGo(t, joinPosts(collector.posts())), "alive") {
		t.Error("nothing is recorded any more")
	}
}

func TestATriggerOfAContinuousAgentLeavesItsMark(t *testing.T) {
	collector := newFakeCollector(t, nil)
	config := triggered(collector.URL)
	config.Mode = Continuous | Triggered
	agent := start(t, config)

	if err := agent.Capture("look-here"); err != nil {
		t.Fatal(err)
	}
	await(t, "its end", func() bool { return agent.Stats().Captures == 1 })
	if err := closeWithinSeconds(agent, 5); err != nil {
		t.Fatal(err)
	}

	if !strings.Contains(parsedByGo(t, joinPosts(collector.posts())), `Category="unpark.capture" Message="v=1 reason=look-here"`) {
		t.Error("no mark")
	}
	if agent.Stats().FlightRecorder {
		t.Error("a recorder beside a trace of everything")
	}
}

func TestASurgeOfGoroutinesFires(t *testing.T) {
	// Given an agent whose warm-up is over
	agent := start(t, triggered("http://unused.invalid"))
	s := newSupervisor(agent)
	s.surge = surge{factor: 2, usual: float64(runtime.NumGoroutine()), first: time.Now().Add(-time.Hour), last: time.Now()}

	// When
	release := make(chan struct{})
	defer close(release)
	for range 1000 {
		go func() { <-release }()
	}
	s.flight, s.nextFly = nil, time.Now().Add(time.Hour) // only the look at the goroutines matters
	s.look(time.Now())

	// Then
	await(t, "the trigger", func() bool { return agent.Stats().LastTrigger == "goroutine_surge" })
}

func TestModesThatMakeNoSense(t *testing.T) {
	base := testConfig("http://c")
	both, unknown, surging := base, base, base
	both.Mode = Continuous | Sampled
	unknown.Mode = 64
	surging.Mode, surging.Trigger.GoroutineSurge = Triggered, 0.5
	for _, config := range []Config{both, unknown, surging, {Service: "s", Output: &lockedBuffer{}, Mode: Triggered}} {
		if agent, err := Start(context.Background(), config); err == nil {
			_ = closeWithinSeconds(agent, 1)
			t.Errorf("accepted: %v", config.Mode)
		}
	}
}
