package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/http"
	"time"

	"github.com/unpark/unpark/infra/demo/internal/fault"
	"github.com/unpark/unpark/infra/demo/internal/service"
)

const (
	candidates     = 5
	manyCandidates = 45
	fetchTime      = 8 * time.Millisecond
	scoreRounds    = 60_000
)

func (s *server) recommend(w http.ResponseWriter, r *http.Request) {
	sku := r.PathValue("sku")
	var best uint64
	var err error
	if s.faults[fault.WorkAfter] {
		best = rankToTheEnd(sku)
	} else {
		best, err = rankWithin(r.Context(), sku)
	}
	if err != nil {
		service.Fail(w, err)
		return
	}
	fmt.Fprintf(w, `{"sku":%q,"best":%d}`, sku, best)
}

// rankWithin looks at the context before every candidate.
func rankWithin(ctx context.Context, sku string) (best uint64, err error) {
	for i := range candidates {
		if err := service.Sleep(ctx, fetchTime/4); err != nil {
			return 0, err
		}
		best = max(best, score(sku, i))
	}
	return best, nil
}

// rankToTheEnd has no context: it goes on although nobody waits for the answer any more.
func rankToTheEnd(sku string) (best uint64) {
	for i := range manyCandidates {
		time.Sleep(fetchTime) // planted: workafter site
		best = max(best, score(sku, i))
	}
	return best
}

func score(sku string, candidate int) uint64 {
	hash := fnv.New64a()
	for round := range scoreRounds {
		_, _ = hash.Write([]byte{sku[0], byte(candidate), byte(round)})
	}
	return hash.Sum64()
}
