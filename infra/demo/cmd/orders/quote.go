package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/unpark/unpark/infra/demo/internal/fault"
	"github.com/unpark/unpark/infra/demo/internal/service"
)

type priced struct {
	body []byte
	err  error
}

// quote asks for a price in a goroutine and leaves when its time is over.
func (s *server) quote(w http.ResponseWriter, r *http.Request) {
	ctx, sku := r.Context(), r.PathValue("sku")
	results := make(chan priced, 1)
	if s.faults[fault.Leak] {
		results = make(chan priced) // nobody receives any more once the handler has left
	}
	go func() { // planted: leak creation
		body, err := s.fetchPrice(ctx, sku)
		results <- priced{body, err} // planted: leak site
	}()
	select {
	case result := <-results:
		if result.err != nil {
			service.Fail(w, result.err)
			return
		}
		fmt.Fprintf(w, `{"quote":%s}`, result.body)
	case <-ctx.Done():
		service.Fail(w, ctx.Err())
	}
}

func (s *server) fetchPrice(ctx context.Context, sku string) ([]byte, error) {
	call, err := http.NewRequestWithContext(ctx, http.MethodGet, s.inventory+"/prices/"+sku, nil)
	if err != nil {
		return nil, err
	}
	response, err := s.client.Do(call)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return io.ReadAll(io.LimitReader(response.Body, 1<<20))
}
