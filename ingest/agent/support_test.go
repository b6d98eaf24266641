package unpark

import (
	"bytes"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/trace"
	"strings"
	"sync"
	"testing"
	"time"
)

// logLine is one trace.Log as Go's own reader sees it.
type logLine struct {
	goroutine, task, category string
	fields                    map[string]string
	raw                       string
}

var logPattern = regexp.MustCompile(`G=(-?\d+) Log .*?Task=(\d+) Category="([^"]*)" Message="(.*)"`)

// traced runs work under the tracer and returns its log lines and the trace as Go's reader prints it.
func traced(t *testing.T, work func()) ([]logLine, string) {
	t.Helper()
	var raw bytes.Buffer
	if err := trace.Start(&raw); err != nil {
		t.Fatalf("start tracer: %v", err)
	}
	func() {
		defer trace.Stop()
		work()
	}()
	text := parsedByGo(t, raw.Bytes())
	return logLines(t, text), text
}

// parsedByGo returns what `go tool trace -d=parsed` prints: the independent judge of what was written.
func parsedByGo(t *testing.T, raw []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "t.trace")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "tool", "trace", "-d=parsed", file).CombinedOutput()
	if err != nil && strings.Contains(string(out), "-d=int") { // Go 1.22
		out, err = exec.Command("go", "tool", "trace", "-d=1", file).CombinedOutput()
	}
	if err != nil {
		t.Fatalf("go tool trace: %v\n%.2000s", err, out)
	}
	return string(out)
}

func logLines(t *testing.T, text string) []logLine {
	t.Helper()
	var lines []logLine
	for _, m := range logPattern.FindAllStringSubmatch(text, -1) {
		line := logLine{goroutine: m[1], task: m[2], category: m[3], raw: m[4], fields: map[string]string{}}
		for _, pair := range strings.Split(m[4], " ") {
			key, value, _ := strings.Cut(pair, "=")
			unescaped, err := url.QueryUnescape(value)
			if err != nil {
				t.Fatalf("field %q is not query escaped: %v", pair, err)
			}
			line.fields[key] = unescaped
		}
		lines = append(lines, line)
	}
	return lines
}

func ofCategory(lines []logLine, category string) []logLine {
	var found []logLine
	for _, line := range lines {
		if line.category == category {
			found = append(found, line)
		}
	}
	return found
}

func only(t *testing.T, lines []logLine, category string) logLine {
	t.Helper()
	found := ofCategory(lines, category)
	if len(found) != 1 {
		t.Fatalf("%d logs of %s, want 1: %v", len(found), category, lines)
	}
	return found[0]
}

// await polls until done or ten seconds have passed.
func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for: %s", what)
		}
	}
}

// lockedBuffer may be read while the tracer still writes.
type lockedBuffer struct {
	mu   sync.Mutex
	data []byte
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.data = append(b.data, p...)
	return len(p), nil
}

func (b *lockedBuffer) bytes() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return bytes.Clone(b.data)
}
