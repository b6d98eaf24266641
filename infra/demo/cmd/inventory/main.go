// Command inventory knows what is in stock and what it costs.
package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/unpark/unpark/infra/demo/internal/fault"
	"github.com/unpark/unpark/infra/demo/internal/service"
)

const (
	priceRefresh  = 200 * time.Millisecond
	restockEvery  = 250 * time.Millisecond
	restockers    = 3
	lookupTime    = 2 * time.Millisecond
	slowSupplier  = 400 * time.Millisecond // a price that must be asked of a slow supplier
	journalTime   = 3 * time.Millisecond
	slowWriteTime = 25 * time.Millisecond
)

type server struct {
	faults fault.Set
	prices atomic.Int64 // cents of the base price, refreshed in the background

	mu     sync.Mutex
	levels map[string]int

	journal sync.Mutex // only used with the fault "mutex"

	lastSeen map[string]time.Time // only touched with the fault "maprace"
}

func main() {
	service.Main("inventory", func(ctx context.Context, setup service.Setup) http.Handler {
		s := &server{faults: setup.Faults, levels: map[string]int{}, lastSeen: map[string]time.Time{}}
		go s.refreshPrices(ctx)
		s.startRestocking(ctx)
		mux := http.NewServeMux()
		mux.HandleFunc("GET /stock/{sku}", s.getStock)
		mux.HandleFunc("GET /prices/{sku}", s.getPrice)
		mux.HandleFunc("POST /reservations/{sku}", s.reserve)
		mux.HandleFunc("DELETE /reservations/{sku}", s.release)
		return mux
	})
}

// refreshPrices sleeps most of the time, as background work does.
func (s *server) refreshPrices(ctx context.Context) {
	for ctx.Err() == nil {
		s.prices.Store(1000 + time.Now().UnixMilli()%100)
		time.Sleep(priceRefresh)
	}
}

// startRestocking runs a pool of workers that wait for jobs as long as the service lives.
func (s *server) startRestocking(ctx context.Context) {
	jobs := make(chan string)
	for range restockers {
		go s.restock(ctx, jobs)
	}
	go func() {
		defer close(jobs)
		ticks := time.NewTicker(restockEvery)
		defer ticks.Stop()
		for n := 0; ; n++ {
			select {
			case <-ticks.C:
				jobs <- fmt.Sprintf("sku-%d", n%10)
			case <-ctx.Done():
				return
			}
		}
	}()
}

func (s *server) restock(ctx context.Context, jobs <-chan string) {
	for sku := range jobs {
		if service.Sleep(ctx, journalTime) != nil {
			return
		}
		s.mu.Lock()
		s.levels[sku] += 10
		s.mu.Unlock()
	}
}
