package main

import (
	"fmt"
	"net/http"
	"time"

	"github.com/unpark/unpark/infra/demo/internal/fault"
	"github.com/unpark/unpark/infra/demo/internal/service"
)

func (s *server) reserve(w http.ResponseWriter, r *http.Request) {
	sku := r.PathValue("sku")
	if s.faults[fault.Mutex] {
		s.reserveSlowly(sku)
		fmt.Fprintf(w, `{"reserved":%q}`, sku)
		return
	}
	if err := service.Sleep(r.Context(), journalTime); err != nil {
		service.Fail(w, err)
		return
	}
	s.change(sku, -1)
	fmt.Fprintf(w, `{"reserved":%q}`, sku)
}

// reserveSlowly writes its journal while it holds a lock that every reservation needs.
func (s *server) reserveSlowly(sku string) {
	s.journal.Lock() // planted: mutex site
	s.change(sku, -1)
	writeJournal()
	s.journal.Unlock() // planted: mutex holder
}

// writeJournal stands for a slow disk.
func writeJournal() { time.Sleep(slowWriteTime) }

func (s *server) release(w http.ResponseWriter, r *http.Request) {
	if err := service.Sleep(r.Context(), journalTime); err != nil {
		service.Fail(w, err)
		return
	}
	s.change(r.PathValue("sku"), 1)
	w.WriteHeader(http.StatusNoContent)
}

func (s *server) change(sku string, by int) {
	s.mu.Lock()
	s.levels[sku] += by
	s.mu.Unlock()
}
