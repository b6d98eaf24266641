package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// collector keeps what is posted to it; away refuses the first requests.
type collector struct {
	*httptest.Server
	mu    sync.Mutex
	away  int
	query []string
	text  []string
}

func newCollector(t *testing.T, away int) *collector {
	t.Helper()
	c := &collector{away: away}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.away > 0 {
			c.away--
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		zip, err := gzip.NewReader(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		text, _ := io.ReadAll(zip)
		c.query = append(c.query, r.URL.Path+"?"+r.URL.RawQuery)
		c.text = append(c.text, string(text))
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *collector) all() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.text, "")
}

func build(t *testing.T, arguments ...string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "program")
	out, err := exec.Command("go", append([]string{"build", "-o", program}, arguments...)...).CombinedOutput()
	if err != nil {
		if bytes.Contains(out, []byte("-race requires cgo")) || bytes.Contains(out, []byte("-race is not supported")) || bytes.Contains(out, []byte("C compiler")) {
			t.Skipf("no race-detector build here: %s", out)
		}
		t.Fatalf("%v: %s", err, out)
	}
	return program
}

func TestTheRacesOfARealProgram(t *testing.T) {
	races, racy := build(t, "."), build(t, "-race", "./testdata/racy")

	t.Run("on its stderr", func(t *testing.T) {
		c := newCollector(t, 1)
		cmd := exec.Command(races, "-collector", c.URL, "-service", "shop", "-instance", "shop-1", "--", racy)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		_ = cmd.Run()

		if code := cmd.ProcessState.ExitCode(); code != 66 { // the detector's
			t.Errorf("exit %d: %s", code, &stderr)
		}
		if !strings.Contains(stderr.String(), "racy: begins") || !strings.Contains(stderr.String(), "racy: ends") {
			t.Errorf("stderr: %s", &stderr)
		}
		if got := c.all(); !strings.Contains(got, "WARNING: DATA RACE") || strings.Contains(got, "racy: begins") || !strings.Contains(got, "main.go:") {
			t.Errorf("posted %q", got)
		}
		if c.query[0] != "/ingest/v1/race?instance=shop-1&service=shop" {
			t.Errorf("posted to %s", c.query[0])
		}
	})

	t.Run("in its log", func(t *testing.T) {
		c := newCollector(t, 1)
		prefix := filepath.Join(t.TempDir(), "race")
		sidecar := exec.Command(races, "-collector", c.URL, "-service", "shop", "-log", prefix, "-poll", "20ms")
		sidecar.Stderr = os.Stderr
		if err := sidecar.Start(); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(racy)
		cmd.Env = append(os.Environ(), "GORACE=log_path="+prefix)
		_ = cmd.Run()

		for end := time.Now().Add(15 * time.Second); !strings.Contains(c.all(), "WARNING: DATA RACE"); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("no report came")
			}
		}
		_ = sidecar.Process.Signal(os.Interrupt)
		if err := sidecar.Wait(); err != nil {
			t.Error(err)
		}
	})
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{
		{}, {"-collector", "http://c", "-service", "s"}, {"-collector", "http://c", "-service", "s", "-log", "p", "--", "cmd"},
		{"-service", "s", "-log", "p"}, {"-collector", "http://c", "-service", "s", "-log", "p", "-header", "nonsense"},
	} {
		if _, err := parse(args); err == nil {
			t.Errorf("accepted %v", args)
		}
	}
}
