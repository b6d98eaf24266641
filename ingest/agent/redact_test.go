package unpark

import (
	"bytes"
	"context"
	"runtime/trace"
	"strings"
	"testing"
)

// secretTrace writes annotations of somebody else's, and ours, into a real trace.
func secretTrace(t *testing.T) []byte {
	t.Helper()
	var raw bytes.Buffer
	if err := trace.Start(&raw); err != nil {
		t.Fatal(err)
	}
	ctx, task := trace.NewTask(context.Background(), "GET /users/alice")
	trace.Log(ctx, "user", "alice@example.org")
	trace.Log(ctx, "order", "A-1")
	trace.Logf(ctx, "big", "%s", strings.Repeat("alice", 200))
	trace.WithRegion(ctx, "charge alice", func() {})
	_, end := BeginRequest(ctx, Incoming{Route: "GET /users/{name}"})
	end("200")
	task.End()
	trace.Stop()
	return raw.Bytes()
}

func hideAlice(kind, key, value string) string {
	switch {
	case kind == RedactLog && key == "big":
		return strings.Repeat("x", 5000) // longer than a string may be
	case kind == RedactLog && key == "user", strings.Contains(value, "alice"):
		return "[" + kind + "]"
	default:
		return value
	}
}

func TestRedactedTracesStayTraces(t *testing.T) {
	// Given
	raw := secretTrace(t)
	before := parsedByGo(t, raw)
	split := newCollected(1 << 20)

	// When
	split.feed(raw, func() int { return 4096 })
	cleaned := bytes.Clone(raw[:traceHeaderBytes])
	for _, g := range split.generations {
		part, err := redactor{hideAlice}.generation(g.data)
		if err != nil {
			t.Fatal(err)
		}
		cleaned = append(cleaned, part...)
	}

	// Then: nothing secret is left, and everything else is as it was
	if bytes.Contains(cleaned, []byte("alice")) || !bytes.Contains(raw, []byte("alice")) {
		t.Error("a name is still there, or never was")
	}
	after := parsedByGo(t, cleaned)
	for _, want := range []string{`"[task]"`, `Category="user" Message="[log]"`, `Category="order" Message="A-1"`, `"[region]"`,
		"route=GET+%2Fusers%2F%7Bname%7D", `Message="` + strings.Repeat("x", maxStringBytes) + `"`} {
		if !strings.Contains(after, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if strings.Count(before, "\n") != strings.Count(after, "\n") {
		t.Errorf("%d lines, before %d", strings.Count(after, "\n"), strings.Count(before, "\n"))
	}
}

func TestWhatNeedsNoRedactionIsNotCopied(t *testing.T) {
	split := newCollected(1 << 20)
	split.feed(secretTrace(t), func() int { return 4096 })
	for _, g := range split.generations {
		same, err := redactor{func(_, _, value string) string { return value }}.generation(g.data)
		if err != nil || &same[0] != &g.data[0] {
			t.Errorf("copied, or %v", err)
		}
	}
}

func TestManyLongReplacementsBecomeSeveralBatches(t *testing.T) {
	body := []byte{evStrings}
	replaced := map[uint64]string{}
	for id := byte(1); id <= 100; id++ {
		body = append(body, evString, id, 1, 'a')
		replaced[uint64(id)] = strings.Repeat("b", maxStringBytes)
	}

	out := appendStrings(nil, []byte{evEventBatch, 1, 1, 1}, body, replaced)

	batches, ids := 0, 0
	err := eachBatch(out, func(_, _, body []byte) error {
		batches++
		return eachString(body, func(id uint64, text []byte) {
			ids++
			if id != uint64(ids) || len(text) != maxStringBytes {
				t.Fatalf("string %d of %d bytes in place %d", id, len(text), ids)
			}
		})
	})
	if err != nil || batches != 2 || ids != 100 {
		t.Errorf("%d batches, %d strings, %v", batches, ids, err)
	}
}

func TestWhatIsNotUnderstoodDoesNotLeave(t *testing.T) {
	data := batchOf(1, 20, false, false) // its body is no event
	if _, err := (redactor{hideAlice}).generation(data); err == nil {
		t.Error("let through")
	}
}

func FuzzRedact(f *testing.F) {
	f.Add(batchOf(1, 20, false, false))
	f.Add([]byte{1, 1, 1, 1, 5, evStrings, evString, 1, 1, 'a'})
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = redactor{hideAlice}.generation(data) // must not panic, whatever it is given
	})
}

func TestTheAgentRedactsWhatItShips(t *testing.T) {
	collector := newFakeCollector(t, nil)
	config := testConfig(collector.URL)
	config.Redact = hideAlice
	agent := start(t, config)
	trace.Log(context.Background(), "user", "alice@example.org")

	if err := closeWithinSeconds(agent, 5); err != nil {
		t.Fatal(err)
	}

	all := joinPosts(collector.posts())
	if text := parsedByGo(t, all); bytes.Contains(all, []byte("alice")) || !strings.Contains(text, "[log]") {
		t.Error("not redacted")
	}
}
