// Command orders takes orders and asks inventory for what it needs.
package main

import (
	"context"
	"net/http"
	"time"

	"github.com/unpark/unpark/infra/demo/internal/fault"
	"github.com/unpark/unpark/infra/demo/internal/service"
)

const (
	auditors  = 4
	auditTime = time.Millisecond
	queryTime = 4 * time.Millisecond
)

type server struct {
	faults    fault.Set
	inventory string
	client    *http.Client
	audits    chan string
}

func main() {
	service.Main("orders", func(ctx context.Context, setup service.Setup) http.Handler {
		s := &server{
			faults: setup.Faults, inventory: setup.Inventory,
			client: service.Client(true), audits: make(chan string, 64),
		}
		for range auditors {
			go s.audit(ctx)
		}
		mux := http.NewServeMux()
		mux.HandleFunc("POST /orders/{sku}", s.createOrder)
		mux.HandleFunc("GET /orders/{id}", s.getOrder)
		mux.HandleFunc("DELETE /orders/{id}", s.cancelOrder)
		mux.HandleFunc("GET /quotes/{sku}", s.quote)
		mux.HandleFunc("GET /recommendations/{sku}", s.recommend)
		return mux
	})
}

// audit is one worker of a pool that writes down what happened, after the request.
func (s *server) audit(ctx context.Context) {
	for {
		select {
		case <-s.audits:
			time.Sleep(auditTime)
		case <-ctx.Done():
			return
		}
	}
}

// note hands something to the auditors; under pressure it is left out.
func (s *server) note(what string) {
	select {
	case s.audits <- what:
	default:
	}
}
