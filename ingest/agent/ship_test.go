package unpark

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
)

func TestAShipFunctionGetsWholeGenerationsAndMayFail(t *testing.T) {
	// Given
	var mu sync.Mutex
	var calls int
	var got []byte
	config := testConfig("")
	config.Ship = func(_ context.Context, s Shipment) error {
		mu.Lock()
		defer mu.Unlock()
		calls++
		if calls == 1 {
			return Retry(errors.New("not now"), 0)
		}
		if s.Service != "orders" || s.Instance != "orders-1" || s.Namespace != "shop" || s.Version != "1.2" || len(s.Capture) != 32 {
			t.Errorf("shipment of %+v", s)
		}
		if got == nil {
			got = bytes.Clone(s.Header)
		}
		for _, g := range s.Generations {
			got = append(got, g...)
		}
		return nil
	}
	agent := start(t, config)
	await(t, "a shipment", func() bool { return agent.Stats().GenerationsShipped > 0 })

	// When
	if err := closeWithinSeconds(agent, 5); err != nil {
		t.Fatal(err)
	}

	// Then
	mu.Lock()
	defer mu.Unlock()
	parsedByGo(t, got)
	if agent.Stats().Retries != 1 {
		t.Errorf("stats %+v", agent.Stats())
	}
}
