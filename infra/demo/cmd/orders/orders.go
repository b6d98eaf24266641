package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/unpark/unpark/infra/demo/internal/fault"
	"github.com/unpark/unpark/infra/demo/internal/service"
)

func (s *server) createOrder(w http.ResponseWriter, r *http.Request) {
	sku := r.PathValue("sku")
	call, err := http.NewRequestWithContext(r.Context(), http.MethodPost, s.inventory+"/reservations/"+sku, nil)
	if err != nil {
		service.Fail(w, err)
		return
	}
	response, err := s.client.Do(call)
	if err != nil {
		service.Fail(w, err)
		return
	}
	finish(response)
	s.note("created " + sku)
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintf(w, `{"order":%q}`, sku)
}

func (s *server) getOrder(w http.ResponseWriter, r *http.Request) { // planted: noheader site
	if err := service.Sleep(r.Context(), queryTime); err != nil {
		service.Fail(w, err)
		return
	}
	fmt.Fprintf(w, `{"order":%q,"state":"paid"}`, r.PathValue("id"))
}

// cancelOrder gives back what was reserved.
func (s *server) cancelOrder(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	if s.faults[fault.Background] {
		ctx = context.Background()
	}
	call, err := http.NewRequestWithContext(ctx, http.MethodDelete, s.inventory+"/reservations/sku-1", nil)
	if err != nil {
		service.Fail(w, err)
		return
	}
	response, err := s.client.Do(call) // planted: background site
	if err != nil {
		service.Fail(w, err)
		return
	}
	finish(response)
	s.note("canceled " + r.PathValue("id"))
	w.WriteHeader(http.StatusNoContent)
}

// finish reads a body to its end, so that the connection can be used again.
func finish(response *http.Response) {
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	_ = response.Body.Close()
}
