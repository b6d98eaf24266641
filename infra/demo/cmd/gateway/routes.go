package main

import (
	"io"
	"net/http"

	"github.com/unpark/unpark/infra/demo/internal/fault"
	"github.com/unpark/unpark/infra/demo/internal/service"
)

func (s *server) product(w http.ResponseWriter, r *http.Request) {
	s.forward(w, r, http.MethodGet, s.inventory+"/stock/"+r.PathValue("sku"))
}

func (s *server) checkout(w http.ResponseWriter, r *http.Request) {
	s.forward(w, r, http.MethodPost, s.orders+"/orders/"+r.PathValue("sku"))
}

func (s *server) cancel(w http.ResponseWriter, r *http.Request) {
	s.forward(w, r, http.MethodDelete, s.orders+"/orders/"+r.PathValue("id"))
}

func (s *server) quote(w http.ResponseWriter, r *http.Request) {
	s.forward(w, r, http.MethodGet, s.orders+"/quotes/"+r.PathValue("sku"))
}

func (s *server) recommend(w http.ResponseWriter, r *http.Request) {
	s.forward(w, r, http.MethodGet, s.orders+"/recommendations/"+r.PathValue("sku"))
}

// orderStatus has a call site of its own, because its client may be the wrong one.
func (s *server) orderStatus(w http.ResponseWriter, r *http.Request) {
	client := s.client
	if s.faults[fault.NoHeader] {
		client = s.plainClient
	}
	call, err := http.NewRequestWithContext(r.Context(), http.MethodGet, s.orders+"/orders/"+r.PathValue("id"), nil)
	if err != nil {
		service.Fail(w, err)
		return
	}
	response, err := client.Do(call) // planted: noheader caller
	if err != nil {
		service.Fail(w, err)
		return
	}
	pass(w, response)
}

func (s *server) forward(w http.ResponseWriter, r *http.Request, method, url string) {
	call, err := http.NewRequestWithContext(r.Context(), method, url, nil)
	if err != nil {
		service.Fail(w, err)
		return
	}
	response, err := s.client.Do(call)
	if err != nil {
		service.Fail(w, err)
		return
	}
	pass(w, response)
}

func pass(w http.ResponseWriter, response *http.Response) {
	defer response.Body.Close()
	w.WriteHeader(response.StatusCode)
	_, _ = io.Copy(w, io.LimitReader(response.Body, 1<<20))
}

// finish reads a body to its end, so that the connection can be used again.
func finish(response *http.Response) {
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	_ = response.Body.Close()
}
