package unpark

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func letterOf(n byte) letter {
	return letter{Query: "service=s&instance=i", Capture: "c", Sequence: uint64(n), generations: 1, bytes: 100,
		body: bytes.Repeat([]byte{n}, 1000)}
}

func TestASpoolSurvivesItsProcessAndDropsItsOldest(t *testing.T) {
	// Given
	stats := &counters{}
	dir := t.TempDir()
	s, err := openSpool(dir, 5000, stats.dropped)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_700_000_000, 0)
	for n := byte(1); n <= 6; n++ {
		if err := s.put(letterOf(n), now.Add(time.Duration(n))); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("not ours"), 0o600); err != nil {
		t.Fatal(err)
	}

	// When
	again, err := openSpool(dir, 5000, stats.dropped)
	if err != nil {
		t.Fatal(err)
	}

	// Then
	if again.size > 5000 || again.size != s.size {
		t.Errorf("%d bytes, before %d", again.size, s.size)
	}
	var order []uint64
	for {
		l, ok := again.oldest()
		if !ok {
			break
		}
		if l.Query != "service=s&instance=i" || !bytes.Equal(l.body, letterOf(byte(l.Sequence)).body) || l.bytes != 100 {
			t.Errorf("letter %+v", l)
		}
		order = append(order, l.Sequence)
		again.removeOldest()
	}
	if len(order) != 4 || order[0] != 3 || order[3] != 6 || stats.snapshot().GenerationsDropped != 2 {
		t.Errorf("kept %v, dropped %d", order, stats.snapshot().GenerationsDropped)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("left behind: %v", files)
	}
}

func TestABrokenSpoolFileCostsItself(t *testing.T) {
	for title, harm := range map[string]func(content []byte) []byte{
		"cut":       func(c []byte) []byte { return c[:len(c)-1] },
		"empty":     func([]byte) []byte { return nil },
		"flipped":   func(c []byte) []byte { c[len(c)-5] ^= 1; return c },
		"no header": func([]byte) []byte { return bytes.Repeat([]byte("x"), 20_000) },
	} {
		t.Run(title, func(t *testing.T) {
			stats := &counters{}
			s, err := openSpool(t.TempDir(), 1<<20, stats.dropped)
			if err != nil {
				t.Fatal(err)
			}
			for n := byte(1); n <= 2; n++ {
				if err := s.put(letterOf(n), time.Unix(int64(n), 0)); err != nil {
					t.Fatal(err)
				}
			}
			name := filepath.Join(s.dir, s.files[0].name)
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, harm(content), 0o600); err != nil {
				t.Fatal(err)
			}

			l, ok := s.oldest()

			if !ok || l.Sequence != 2 || stats.snapshot().GenerationsDropped != 1 {
				t.Errorf("letter %d, %v, dropped %d", l.Sequence, ok, stats.snapshot().GenerationsDropped)
			}
		})
	}
}

func TestWithASpoolAnOutageLosesNothing(t *testing.T) {
	// Given a collector that is away, and a backlog that holds next to nothing
	var away atomic.Bool
	away.Store(true)
	collector := newFakeCollector(t, func(_ int, w http.ResponseWriter) bool {
		if away.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return away.Load()
	})
	config := testConfig(collector.URL)
	config.SpoolDir = t.TempDir()
	agent := start(t, config)

	// When it comes back only for the next process
	await(t, "something on the disk", func() bool { return agent.Stats().SpoolBytes > 0 })
	if err := closeWithinSeconds(agent, 5); err != nil {
		t.Fatal(err)
	}
	first := agent.Stats()
	away.Store(false)
	config.Instance = "orders-2"
	next := start(t, config)
	await(t, "an empty spool", func() bool { s := next.Stats(); return s.SpoolBytes == 0 && s.GenerationsShipped > 0 })
	if err := closeWithinSeconds(next, 5); err != nil {
		t.Fatal(err)
	}

	// Then
	var mine []post
	for _, p := range collector.posts() {
		if strings.Contains(p.query, "instance=orders-1") {
			mine = append(mine, p)
		}
	}
	if first.GenerationsDropped != 0 || first.GenerationsShipped != 0 || len(mine) == 0 {
		t.Fatalf("stats %+v, %d posts", first, len(mine))
	}
	if mine[0].sequence != "0" || mine[0].capture != first.Capture {
		t.Errorf("first is sequence %s of %s", mine[0].sequence, mine[0].capture)
	}
	parsedByGo(t, joinPosts(mine))
	if left, _ := os.ReadDir(config.SpoolDir); len(left) != 0 {
		t.Errorf("left on the disk: %v", left)
	}
}

// TestAKilledProcessLeavesWhatItHadSpooled runs this test's program as a service and kills it.
func TestAKilledProcessLeavesWhatItHadSpooled(t *testing.T) {
	if dir := os.Getenv("UNPARK_TEST_SPOOL"); dir != "" {
		config := testConfig("http://127.0.0.1:1") // nobody listens there
		config.SpoolDir = dir
		if _, err := Start(context.Background(), config); err != nil {
			t.Fatal(err)
		}
		select {}
	}
	// Given
	dir := t.TempDir()
	service := exec.Command(os.Args[0], "-test.run=TestAKilledProcessLeavesWhatItHadSpooled$")
	service.Env = append(os.Environ(), "UNPARK_TEST_SPOOL="+dir)
	if err := service.Start(); err != nil {
		t.Fatal(err)
	}
	spooledFiles := func() int {
		files, _ := filepath.Glob(filepath.Join(dir, "*"+spoolSuffix))
		return len(files)
	}
	await(t, "two files", func() bool { return spooledFiles() >= 2 })

	// When
	_ = service.Process.Kill()
	_ = service.Wait()

	// Then
	collector := newFakeCollector(t, nil)
	config := triggered(collector.URL) // it ships nothing of its own
	config.SpoolDir = dir
	agent := start(t, config)
	await(t, "all of it", func() bool { return spooledFiles() == 0 })
	if err := closeWithinSeconds(agent, 5); err != nil {
		t.Fatal(err)
	}
	parsedByGo(t, joinPosts(collector.posts()))
}
