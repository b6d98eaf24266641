package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/unpark/unpark/infra/demo/internal/fault"
	"github.com/unpark/unpark/infra/demo/internal/service"
)

func (s *server) getStock(w http.ResponseWriter, r *http.Request) {
	sku := r.PathValue("sku")
	if err := service.Sleep(r.Context(), lookupTime); err != nil {
		service.Fail(w, err)
		return
	}
	if s.faults[fault.MapRace] {
		s.lastSeen[sku] = time.Now() // planted: maprace site
	}
	s.mu.Lock()
	level := s.levels[sku]
	s.mu.Unlock()
	fmt.Fprintf(w, `{"sku":%q,"level":%d}`, sku, level)
}

// getPrice takes long for a sku of a slow supplier, but never longer than its caller waits.
func (s *server) getPrice(w http.ResponseWriter, r *http.Request) {
	sku := r.PathValue("sku")
	wait := lookupTime
	if strings.HasPrefix(sku, "slow-") {
		wait = slowSupplier
	}
	if err := service.Sleep(r.Context(), wait); err != nil {
		service.Fail(w, err)
		return
	}
	if s.faults[fault.MapRace] {
		s.lastSeen[sku] = time.Now() // planted: maprace other
	}
	fmt.Fprintf(w, `{"sku":%q,"cents":%d}`, sku, s.prices.Load())
}
