package unpark

import (
	"errors"
	"sync"
	"testing"
	"time"
)

func TestACaptureKeepsItsNewestGenerationsWithinItsSize(t *testing.T) {
	// Given: a limit of 100 bytes, and generations of 40
	var lost int
	ring := &newestGenerations{limit: 100, lost: func(generations, _ int) { lost += generations }}

	// When
	for n := uint64(1); n <= 5; n++ {
		ring.add(generation{seq: n, data: make([]byte, 40)})
	}

	// Then: the two newest are whole, and what went is counted
	if len(ring.list) != 2 || ring.list[0].seq != 4 || ring.bytes != 80 || lost != 3 {
		t.Errorf("%d generations from %d, %d bytes, %d lost", len(ring.list), ring.list[0].seq, ring.bytes, lost)
	}
	ring.add(generation{seq: 6, data: make([]byte, 400)}) // one is always kept
	if len(ring.list) != 1 || ring.list[0].seq != 6 {
		t.Errorf("%d generations, the first %d", len(ring.list), ring.list[0].seq)
	}
}

func TestOneCaptureAtATimeWhoeverAsks(t *testing.T) {
	// Given
	collector := newFakeCollector(t, nil)
	config := triggered(collector.URL)
	config.Trigger.Linger = 300 * time.Millisecond
	agent := start(t, config)

	// When many ask at once
	errs := make([]error, 20)
	var asking sync.WaitGroup
	for i := range errs {
		asking.Add(1)
		go func() {
			defer asking.Done()
			errs[i] = agent.Capture("crowd")
		}()
	}
	asking.Wait()

	// Then one is taken, and the others are told why not
	taken := 0
	for _, err := range errs {
		switch {
		case err == nil:
			taken++
		case !errors.Is(err, ErrCaptureRunning) && !errors.Is(err, ErrCoolingDown):
			t.Errorf("refused with %v", err)
		}
	}
	await(t, "the capture", func() bool { return agent.Stats().Captures == 1 })
	if stats := agent.Stats(); taken != 1 || stats.Triggers != 1 || stats.TriggersIgnored != 19 {
		t.Errorf("%d taken, stats %+v", taken, stats)
	}
}
