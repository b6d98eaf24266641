package unpark

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"runtime/trace"
	"testing"
	"time"
)

const testHeader = "go 1.26 trace\x00\x00\x00"

// collected takes what a splitter hands over.
type collected struct {
	split       splitter
	generations []generation
	lostGens    int
	lostBytes   int
}

func newCollected(maxBytes int) *collected {
	c := &collected{}
	c.split = splitter{
		capture:  "c1",
		maxBytes: maxBytes,
		emit:     func(g generation) { c.generations = append(c.generations, g) },
		lost:     func(generations, bytes int) { c.lostGens += generations; c.lostBytes += bytes },
	}
	return c
}

func (c *collected) feed(stream []byte, pieces func() int) {
	for len(stream) > 0 {
		n := min(max(pieces(), 1), len(stream))
		if written, err := c.split.Write(stream[:n]); written != n || err != nil {
			panic("a splitter's Write must take everything")
		}
		stream = stream[n:]
	}
	c.split.finish()
}

func (c *collected) joined() []byte {
	var all []byte
	for i, g := range c.generations {
		if i == 0 {
			all = append(all, g.header...)
		}
		all = append(all, g.data...)
	}
	return all
}

// batchOf frames size bytes. padded writes the size as the runtime does: in a fixed number of bytes.
func batchOf(gen uint64, size int, experimental, padded bool) []byte {
	b := []byte{evEventBatch}
	if experimental {
		b = []byte{evExperimentalBatch, 1}
	}
	b = binary.AppendUvarint(b, gen)
	b = binary.AppendUvarint(b, 1<<40)
	b = binary.AppendUvarint(b, 123456789)
	if padded {
		b = append(b, byte(size)|0x80, byte(size>>7)|0x80, byte(size>>14))
	} else {
		b = binary.AppendUvarint(b, uint64(size))
	}
	// The body looks like the frames the splitter searches for: it must not look inside.
	return append(b, bytes.Repeat([]byte{evEndOfGeneration}, size)...)
}

// randomStream builds a trace of several generations and returns it with the bytes of each.
func randomStream(random *rand.Rand, inBand bool) (stream []byte, generations [][]byte) {
	stream = []byte(testHeader)
	for gen := uint64(1); gen <= uint64(1+random.IntN(5)); gen++ {
		var data []byte
		for range 1 + random.IntN(6) {
			data = append(data, batchOf(gen, random.IntN(300), random.IntN(4) == 0, random.IntN(2) == 0)...)
		}
		if inBand {
			data = append(data, evEndOfGeneration)
		}
		generations = append(generations, data)
		stream = append(stream, data...)
	}
	return stream, generations
}

func TestSplitterCutsAtGenerationsHoweverTheStreamArrives(t *testing.T) {
	for seed := range uint64(400) {
		// Given
		random := rand.New(rand.NewPCG(seed, 1))
		stream, want := randomStream(random, seed%2 == 0)
		c := newCollected(1 << 20)
		longest := 1 + random.IntN(200)

		// When
		c.feed(stream, func() int { return random.IntN(longest) })

		// Then
		if len(c.generations) != len(want) {
			t.Fatalf("seed %d: %d generations, want %d", seed, len(c.generations), len(want))
		}
		for i, g := range c.generations {
			if !bytes.Equal(g.data, want[i]) || g.seq != uint64(i) || string(g.header) != testHeader {
				t.Fatalf("seed %d: generation %d differs", seed, i)
			}
		}
		if !bytes.Equal(c.joined(), stream) {
			t.Fatalf("seed %d: what was handed over is not what was written", seed)
		}
	}
}

func TestSplitterHandsOverAGenerationAsSoonAsItIsClosed(t *testing.T) {
	c := newCollected(1 << 20)
	stream := append([]byte(testHeader), batchOf(1, 10, false, true)...)

	_, _ = c.split.Write(append(stream, evEndOfGeneration))

	if len(c.generations) != 1 {
		t.Fatalf("%d generations before the next one began, want 1", len(c.generations))
	}
}

func TestSplitterLosesOnlyTheGenerationThatIsTooLarge(t *testing.T) {
	// Given
	small, large := batchOf(1, 100, false, false), batchOf(2, 400, false, false)
	large = append(large, batchOf(2, 400, false, false)...)
	after := batchOf(3, 100, false, false)
	stream := bytes.Join([][]byte{[]byte(testHeader), small, large, after}, nil)
	c := newCollected(500)

	// When
	c.feed(stream, func() int { return 64 })

	// Then
	if len(c.generations) != 2 || c.generations[1].seq != 2 || !bytes.Equal(c.generations[1].data, after) {
		t.Fatalf("generations %v", c.generations)
	}
	if c.lostGens != 1 || c.lostBytes != len(large) {
		t.Fatalf("lost %d generations of %d bytes, want 1 of %d", c.lostGens, c.lostBytes, len(large))
	}
}

func TestSplitterRefusesWhatIsNotATrace(t *testing.T) {
	cases := map[string][]byte{
		"not a batch":           {77},
		"batch beyond the size": {evEventBatch, 1, 1, 1, 0xff, 0xff, 0xff, 0x7f},
		"endless number":        append([]byte{evEventBatch}, bytes.Repeat([]byte{0xff}, 20)...),
	}
	for title, bad := range cases {
		t.Run(title, func(t *testing.T) {
			c := newCollected(1 << 20)
			c.feed(append([]byte(testHeader), bad...), func() int { return 3 })
			if c.split.err == nil || len(c.generations) != 0 || c.lostGens != 1 || c.lostBytes != len(bad) {
				t.Fatalf("err %v, %d handed over, lost %d/%d", c.split.err, len(c.generations), c.lostGens, c.lostBytes)
			}
		})
	}
}

func TestSplitterLeavesOutAGenerationThatWasCutShort(t *testing.T) {
	whole := append([]byte(testHeader), append(batchOf(1, 50, false, false), evEndOfGeneration)...)
	for title, tail := range map[string][]byte{
		"inside a batch":          batchOf(2, 50, false, false)[:20],
		"before its closing byte": batchOf(2, 50, false, false),
		"after it":                {},
	} {
		t.Run(title, func(t *testing.T) {
			c := newCollected(1 << 20)
			c.feed(append(bytes.Clone(whole), tail...), func() int { return 7 })
			if !bytes.Equal(c.joined(), whole) || c.lostBytes != len(tail) {
				t.Fatalf("%d generations, lost %d bytes of %d", len(c.generations), c.lostBytes, len(tail))
			}
		})
	}
}

func TestSplitterOnTheTracerOfThisGo(t *testing.T) {
	// Given: the same stream to a buffer and to the splitter
	c := newCollected(64 << 20)
	var raw bytes.Buffer
	if err := trace.Start(&teeWriter{&raw, &c.split}); err != nil {
		t.Skipf("the tracer is in use: %v", err)
	}

	// When: long enough for the tracer to advance on its own
	ticks := time.NewTicker(time.Millisecond)
	defer ticks.Stop()
	for end := time.Now().Add(1500 * time.Millisecond); time.Now().Before(end); <-ticks.C {
		done := make(chan struct{})
		go close(done)
		<-done
	}
	trace.Stop()
	c.split.finish()

	// Then
	if len(c.generations) < 2 {
		t.Fatalf("%d generations in 1.5 s", len(c.generations))
	}
	if !bytes.Equal(c.joined(), raw.Bytes()) {
		t.Fatal("what was handed over is not what the tracer wrote")
	}
	parsedByGo(t, append(bytes.Clone(c.generations[1].header), c.generations[1].data...))
}

// teeWriter is a pointer when used: the tracer of Go 1.26 compares its writers, and hangs on one that cannot be compared.
type teeWriter struct{ first, second io.Writer }

func (w *teeWriter) Write(p []byte) (int, error) {
	_, _ = w.first.Write(p)
	return w.second.Write(p)
}
