package unpark

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"testing"
	"time"
)

func generationOf(capture string, seq uint64, size int) generation {
	return generation{capture: capture, seq: seq, header: []byte(testHeader), data: make([]byte, size)}
}

func TestBacklogDropsTheOldestAndCountsWhatIsBeingSent(t *testing.T) {
	// Given
	stats := &counters{}
	b := newBacklog(100, stats.dropped)
	b.put(generationOf("a", 0, 40))
	if _, ok := b.take(nil, 1); !ok {
		t.Fatal("nothing to take")
	}

	// When: 40 are in flight, so 60 are left
	b.put(generationOf("a", 1, 30))
	b.put(generationOf("a", 2, 30))
	b.put(generationOf("a", 3, 30))

	// Then
	if s := stats.snapshot(); s.GenerationsDropped != 1 || s.BytesDropped != 30 || b.bytes() != 100 {
		t.Fatalf("dropped %d (%d bytes), holds %d", s.GenerationsDropped, s.BytesDropped, b.bytes())
	}
	b.done()
	if p, _ := b.take(nil, 1000); p.firstSeq != 2 || len(p.parts) != 2 {
		t.Fatalf("took %d parts from %d", len(p.parts), p.firstSeq)
	}
}

func TestAParcelHoldsContiguousGenerationsOfOneCapture(t *testing.T) {
	b := newBacklog(1000, func(int, int) {})
	for _, g := range []generation{
		generationOf("a", 0, 10), generationOf("a", 1, 10), generationOf("a", 3, 10),
		generationOf("b", 4, 10), generationOf("b", 5, 10), generationOf("b", 6, 10),
	} {
		b.put(g)
	}
	b.close()

	var sizes []int
	for {
		p, ok := b.take(nil, 25)
		if !ok {
			break
		}
		sizes = append(sizes, len(p.parts))
	}

	want := []int{2, 1, 2, 1} // a gap, another capture, the limit of 25 bytes
	if len(sizes) != len(want) {
		t.Fatalf("parcels of %v generations, want %v", sizes, want)
	}
	for i := range want {
		if sizes[i] != want[i] {
			t.Fatalf("parcels of %v generations, want %v", sizes, want)
		}
	}
}

func TestTakeEndsWhenToldTo(t *testing.T) {
	b := newBacklog(100, func(int, int) {})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, ok := b.take(ctx.Done(), 1); ok {
		t.Fatal("took something from an empty backlog")
	}
}

func TestAnOutputEndsAtAGap(t *testing.T) {
	var out bytes.Buffer
	s := &writerSink{out: &out}
	send := func(capture string, seq uint64) error {
		return s.send(context.Background(), parcel{capture: capture, firstSeq: seq, header: []byte(testHeader), parts: [][]byte{make([]byte, 5)}})
	}

	if err := errors.Join(send("a", 0), send("a", 1)); err != nil {
		t.Fatal(err)
	}
	if err := send("a", 3); !errors.Is(err, errGap) {
		t.Fatalf("after a gap: %v", err)
	}
	if err := send("a", 4); !errors.Is(err, errGap) || out.Len() != traceHeaderBytes+10 {
		t.Fatalf("later: %v, %d bytes written", err, out.Len())
	}
}

func TestBackoffGrowsWithinItsBoundsAndVaries(t *testing.T) {
	seen := map[time.Duration]bool{}
	for attempt := range 100 {
		d := backoff(attempt, 500*time.Millisecond, 30*time.Second)
		full := 30 * time.Second
		if attempt < 6 {
			full = min(full, 500*time.Millisecond<<attempt)
		}
		if d < full/2 || d > full {
			t.Fatalf("attempt %d waits %v, want %v to %v", attempt, d, full/2, full)
		}
		seen[d] = true
	}
	if len(seen) < 50 {
		t.Fatalf("only %d different waits: no jitter", len(seen))
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	cases := map[string]time.Duration{
		"":      0,
		"7":     7 * time.Second,
		"99999": maxRetryAfter,
		"soon":  0,
		now.Add(9 * time.Second).Format(http.TimeFormat): 9 * time.Second,
		now.Add(-time.Hour).Format(http.TimeFormat):      0,
	}
	for value, want := range cases {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}
