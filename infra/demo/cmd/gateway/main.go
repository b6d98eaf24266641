// Command gateway is what clients talk to; it asks orders and inventory.
package main

import (
	"context"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/unpark/unpark/infra/demo/internal/fault"
	"github.com/unpark/unpark/infra/demo/internal/service"
)

const (
	catalogueRefresh = 500 * time.Millisecond
	catalogueTimeout = 250 * time.Millisecond
)

type server struct {
	faults            fault.Set
	orders, inventory string
	client            *http.Client
	plainClient       *http.Client // does not send the deadline
	catalogueAge      atomic.Int64 // unix milliseconds of the last refresh
	ledger            []*row       // what the report with the fault "alloc" is made of
}

func main() {
	service.Main("gateway", func(ctx context.Context, setup service.Setup) http.Handler {
		s := &server{
			faults: setup.Faults, orders: setup.Orders, inventory: setup.Inventory,
			client: service.Client(true), plainClient: service.Client(false),
		}
		if s.faults[fault.Alloc] {
			s.ledger = buildRows(ledgerRows)
			debug.SetGCPercent(frugalPercent)
		}
		go s.refreshCatalogue(ctx)
		mux := http.NewServeMux()
		mux.HandleFunc("GET /products/{sku}", s.product)
		mux.HandleFunc("POST /checkout/{sku}", s.checkout)
		mux.HandleFunc("GET /orders/{id}", s.orderStatus)
		mux.HandleFunc("DELETE /orders/{id}", s.cancel)
		mux.HandleFunc("GET /quotes/{sku}", s.quote)
		mux.HandleFunc("GET /recommendations/{sku}", s.recommend)
		mux.HandleFunc("GET /report", s.report)
		return mux
	})
}

// refreshCatalogue makes calls that belong to no request, each with a deadline of its own.
func (s *server) refreshCatalogue(ctx context.Context) {
	ticks := time.NewTicker(catalogueRefresh)
	defer ticks.Stop()
	for {
		select {
		case <-ticks.C:
			s.refreshOnce(ctx)
		case <-ctx.Done():
			return
		}
	}
}

func (s *server) refreshOnce(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, catalogueTimeout)
	defer cancel()
	call, err := http.NewRequestWithContext(ctx, http.MethodGet, s.inventory+"/stock/sku-1", nil)
	if err != nil {
		return
	}
	response, err := s.client.Do(call)
	if err != nil {
		return
	}
	finish(response)
	s.catalogueAge.Store(time.Now().UnixMilli())
}
