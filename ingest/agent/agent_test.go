package unpark

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime/trace"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeCollector keeps what it accepts. answer may refuse by writing a status first; it gets the number of the request.
type fakeCollector struct {
	*httptest.Server
	mu       sync.Mutex
	requests int
	accepted []post
}

type post struct {
	path, query, capture, authorization, sequence, reason, command string
	body                                                           []byte
}

func newFakeCollector(t *testing.T, answer func(n int, w http.ResponseWriter) (refused bool)) *fakeCollector {
	t.Helper()
	c := &fakeCollector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		zip, err := gzip.NewReader(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body, err := io.ReadAll(zip)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.requests++
		if answer != nil && answer(c.requests, w) {
			return
		}
		c.accepted = append(c.accepted, post{r.URL.Path, r.URL.RawQuery, r.Header.Get("Unpark-Capture"), r.Header.Get("Authorization"),
			r.Header.Get("Unpark-Sequence"), r.Header.Get("Unpark-Reason"), r.Header.Get("Unpark-Command"), body})
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *fakeCollector) posts() []post {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]post(nil), c.accepted...)
}

func (c *fakeCollector) seen() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.requests
}

func testConfig(collector string) Config {
	return Config{
		Service: "orders", Instance: "orders-1", Namespace: "shop", Version: "1.2", Collector: collector,
		Header:     http.Header{"Authorization": {"Bearer t"}},
		BackoffMin: 5 * time.Millisecond, BackoffMax: 20 * time.Millisecond,
	}
}

func start(t *testing.T, config Config) *Agent {
	t.Helper()
	agent, err := Start(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = closeWithinSeconds(agent, 5) })
	return agent
}

func closeWithinSeconds(agent *Agent, seconds int) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(seconds)*time.Second)
	defer cancel()
	return agent.Close(ctx)
}

func TestAgentShipsWholeGenerationsEachAValidTrace(t *testing.T) {
	// Given
	collector := newFakeCollector(t, nil)
	agent := start(t, testConfig(collector.URL+"/"))
	trace.Log(context.Background(), "marker", "first-generation")

	// When
	await(t, "two generations", func() bool { return agent.Stats().GenerationsShipped >= 2 })
	if err := closeWithinSeconds(agent, 5); err != nil {
		t.Fatal(err)
	}

	// Then
	posts, stats := collector.posts(), agent.Stats()
	shipped := 0
	for _, p := range posts {
		if p.path != "/ingest/v1/trace" || p.query != "instance=orders-1&namespace=shop&service=orders&version=1.2" {
			t.Errorf("posted to %s?%s", p.path, p.query)
		}
		if p.capture != stats.Capture || len(p.capture) != 32 || p.authorization != "Bearer t" {
			t.Errorf("capture %q, authorization %q", p.capture, p.authorization)
		}
		parsedByGo(t, p.body)
		shipped += len(p.body) - traceHeaderBytes
	}
	if !strings.Contains(parsedByGo(t, joinPosts(posts)), "first-generation") {
		t.Error("the marker is not in what was shipped")
	}
	if stats.Tracing || trace.IsEnabled() {
		t.Error("still tracing after Close")
	}
	if int(stats.BytesShipped) != shipped || stats.GenerationsDropped != 0 || stats.BacklogBytes != 0 {
		t.Errorf("stats %+v, shipped %d", stats, shipped)
	}
}

func joinPosts(posts []post) []byte {
	all := bytes.Clone(posts[0].body[:traceHeaderBytes])
	for _, p := range posts {
		all = append(all, p.body[traceHeaderBytes:]...)
	}
	return all
}

func TestAgentTriesAgainUntilTheCollectorIsBack(t *testing.T) {
	// Given: refused in every way that may pass
	collector := newFakeCollector(t, func(n int, w http.ResponseWriter) bool {
		switch n {
		case 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 2:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		case 3:
			panic(http.ErrAbortHandler) // the connection breaks
		}
		return n <= 3
	})
	agent := start(t, testConfig(collector.URL))

	// When
	await(t, "an accepted request", func() bool { return len(collector.posts()) > 0 })
	if err := closeWithinSeconds(agent, 5); err != nil {
		t.Fatal(err)
	}

	// Then
	stats := agent.Stats()
	if stats.Errors != 3 || stats.Retries != 3 || stats.GenerationsDropped != 0 || stats.LastError == "" {
		t.Errorf("stats %+v", stats)
	}
	parsedByGo(t, joinPosts(collector.posts()))
}

func TestAgentDoesNotRepeatWhatIsRefusedForGood(t *testing.T) {
	collector := newFakeCollector(t, func(n int, w http.ResponseWriter) bool {
		if n == 1 {
			http.Error(w, "unknown Go version", http.StatusUnprocessableEntity)
		}
		return n == 1
	})
	agent := start(t, testConfig(collector.URL))

	await(t, "the second generation", func() bool { return len(collector.posts()) > 0 })

	stats := agent.Stats()
	if stats.GenerationsRejected != 1 || stats.Retries != 0 || !strings.Contains(stats.LastError, "unknown Go version") {
		t.Errorf("stats %+v", stats)
	}
}

func TestCloseGivesUpAtItsLimitAndSaysWhatIsLeft(t *testing.T) {
	collector := newFakeCollector(t, func(_ int, w http.ResponseWriter) bool {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	agent := start(t, testConfig(collector.URL))
	await(t, "a first attempt", func() bool { return collector.seen() > 0 })

	before := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	err := agent.Close(ctx)

	if err == nil || time.Since(before) > 3*time.Second {
		t.Fatalf("error %v after %v", err, time.Since(before))
	}
	if stats := agent.Stats(); stats.GenerationsDropped == 0 || stats.BacklogBytes != 0 {
		t.Errorf("stats %+v", stats)
	}
	if again := agent.Close(context.Background()); !errors.Is(again, err) {
		t.Errorf("a second Close says %v", again)
	}
}

func TestAgentLeavesAForeignTracerAlone(t *testing.T) {
	// Given
	var foreign bytes.Buffer
	if err := trace.Start(&foreign); err != nil {
		t.Fatal(err)
	}
	collector := newFakeCollector(t, nil)
	config := testConfig(collector.URL)
	config.TracerRetry = 20 * time.Millisecond

	// When
	agent := start(t, config)
	await(t, "some attempts", func() bool { return agent.Stats().TracerBusy >= 3 })
	busy := agent.Stats()
	trace.Stop()

	// Then
	if busy.Tracing {
		t.Error("says that it traces while somebody else does")
	}
	await(t, "its own turn", func() bool { return agent.Stats().Tracing })
	parsedByGo(t, foreign.Bytes())
}

func TestAgentStartsANewCaptureAfterSomebodyStoppedItsTracer(t *testing.T) {
	collector := newFakeCollector(t, nil)
	config := testConfig(collector.URL)
	config.TracerRetry = 20 * time.Millisecond
	agent := start(t, config)
	first := agent.Stats().Capture

	trace.Stop()

	await(t, "another capture", func() bool {
		s := agent.Stats()
		return s.Tracing && s.Capture != first
	})
}

func TestAgentEndsWithItsContext(t *testing.T) {
	collector := newFakeCollector(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	agent, err := Start(ctx, testConfig(collector.URL))
	if err != nil {
		t.Fatal(err)
	}

	cancel()

	await(t, "the end of tracing", func() bool { return !agent.Stats().Tracing && !trace.IsEnabled() })
	await(t, "the last generation", func() bool { return len(collector.posts()) > 0 })
}

func TestOutputIsTheTraceAsWritten(t *testing.T) {
	var out bytes.Buffer
	agent := start(t, Config{Service: "orders", Output: &out})
	await(t, "a generation", func() bool { return agent.Stats().GenerationsShipped > 0 })

	if err := closeWithinSeconds(agent, 5); err != nil {
		t.Fatal(err)
	}

	if out.Len() != int(agent.Stats().BytesShipped)+traceHeaderBytes {
		t.Errorf("%d bytes, stats %+v", out.Len(), agent.Stats())
	}
	parsedByGo(t, out.Bytes())
}

func TestUnusableConfigurations(t *testing.T) {
	cases := map[string]Config{
		"no service":        {Collector: "http://c"},
		"nowhere to ship":   {Service: "s"},
		"two destinations":  {Service: "s", Collector: "http://c", Output: io.Discard},
		"not a URL":         {Service: "s", Collector: "http://%zz"},
		"not an HTTP URL":   {Service: "s", Collector: "ftp://c"},
		"a host, not a URL": {Service: "s", Collector: "collector:8080"},
	}
	for title, config := range cases {
		t.Run(title, func(t *testing.T) {
			if agent, err := Start(context.Background(), config); err == nil {
				_ = closeWithinSeconds(agent, 1)
				t.Fatal("accepted")
			}
		})
	}
}
