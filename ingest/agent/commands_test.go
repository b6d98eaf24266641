package unpark

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
)

// asker is a collector that has commands for an agent, one after the other, and notes how it was asked.
type asker struct {
	*fakeCollector
	url      string
	mu       sync.Mutex
	commands []map[string]any
	asked    []url.Values
}

func newAsker(t *testing.T, commands ...map[string]any) *asker {
	t.Helper()
	a := &asker{fakeCollector: newFakeCollector(t, nil), commands: commands}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/ingest/v1/commands" {
			a.fakeCollector.Config.Handler.ServeHTTP(w, r)
			return
		}
		if r.Header.Get("Authorization") == "" {
			t.Error("asks without the configured header")
		}
		command := a.next(r.URL.Query())
		if command == nil {
			<-r.Context().Done()
			return
		}
		_ = json.NewEncoder(w).Encode(command)
	}))
	t.Cleanup(front.Close)
	a.url = front.URL
	return a
}

func (a *asker) next(query url.Values) map[string]any {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, query)
	if len(a.commands) == 0 {
		return nil
	}
	command := a.commands[0]
	a.commands = a.commands[1:]
	return command
}

func (a *asker) questions() []url.Values {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]url.Values(nil), a.asked...)
}

func capturing(id string, seconds float64) map[string]any {
	return map[string]any{"id": id, "action": "capture", "seconds": seconds, "reason": "look"}
}

func heeding(collector string) Config {
	config := triggered(collector)
	config.Trigger.NoRequests = false
	return config
}

func TestTheCollectorAsksAndIsToldWhatCameOfIt(t *testing.T) {
	// Given a collector that wants a trace, once
	collector := newAsker(t, capturing("c7", 0.3))

	// When
	agent := start(t, heeding(collector.url))

	// Then the trace comes with its name on it, and the next question says that it was begun
	await(t, "the trace", func() bool { return len(collector.posts()) > 0 && agent.Stats().Captures == 1 })
	first := collector.posts()[0]
	if first.reason != "look" || first.command != "c7" || agent.Stats().LastTrigger != "look c7" {
		t.Errorf("reason %q, command %q, stats %+v", first.reason, first.command, agent.Stats())
	}
	await(t, "the next question", func() bool { return len(collector.questions()) == 2 })
	questions := collector.questions()
	if questions[0].Get("service") != "orders" || questions[0].Get("instance") != "orders-1" || questions[0].Has("took") {
		t.Errorf("asks first with %v", questions[0])
	}
	if questions[1].Get("took") != "c7" || questions[1].Has("refused") {
		t.Errorf("asks then with %v", questions[1])
	}
	if err := closeWithinSeconds(agent, 5); err != nil {
		t.Error(err)
	}
}

func TestACommandThatIsNotCarriedOutIsAnsweredWithTheReason(t *testing.T) {
	collector := newAsker(t, capturing("long", 30), capturing("second", 1), map[string]any{"id": "odd", "action": "reboot"})

	start(t, heeding(collector.url))

	await(t, "all answers", func() bool { return len(collector.questions()) == 4 })
	for i, want := range []string{"", "long/", "second/capture_running", "odd/unknown_action"} {
		got := ""
		if question := collector.questions()[i]; question.Has("took") {
			got = question.Get("took") + "/" + question.Get("refused")
		}
		if got != want {
			t.Errorf("question %d answers %q, want %q", i, got, want)
		}
	}
}

func TestAnAnswerIsRepeatedUntilACollectorHasHeardIt(t *testing.T) {
	var mu sync.Mutex
	var took []string
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/ingest/v1/commands" {
			w.WriteHeader(http.StatusAccepted)
			return
		}
		mu.Lock()
		took = append(took, r.URL.Query().Get("took"))
		n := len(took)
		mu.Unlock()
		switch n {
		case 1:
			_ = json.NewEncoder(w).Encode(capturing("c1", 30))
		case 2, 3:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 4:
			w.WriteHeader(http.StatusNoContent)
		default:
			<-r.Context().Done()
		}
	}))
	t.Cleanup(front.Close)

	start(t, heeding(front.URL))

	count := func() int { mu.Lock(); defer mu.Unlock(); return len(took) }
	await(t, "five questions", func() bool { return count() == 5 })
	mu.Lock()
	defer mu.Unlock()
	for i, want := range []string{"", "c1", "c1", "c1", ""} {
		if took[i] != want {
			t.Errorf("question %d answers %q, want %q", i, took[i], want)
		}
	}
}

func TestAContinuousAgentMarksThePartThatWasAskedFor(t *testing.T) {
	collector := newAsker(t, capturing("c9", 1.5))
	config := heeding(collector.url)
	config.Mode = Continuous | Triggered

	agent := start(t, config)

	await(t, "its end", func() bool { return agent.Stats().Captures == 1 })
	if err := closeWithinSeconds(agent, 5); err != nil {
		t.Fatal(err)
	}
	marked, sequences := 0, map[string]bool{}
	for _, p := range collector.posts() {
		if p.command == "c9" {
			marked++
		}
		if sequences[p.sequence] {
			t.Errorf("sequence %s twice", p.sequence)
		}
		sequences[p.sequence] = true
	}
	if marked == 0 {
		t.Errorf("none of %d posts says that it was asked for", len(collector.posts()))
	}
}
