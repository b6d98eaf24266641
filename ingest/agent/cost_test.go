package unpark

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime/trace"
	"testing"
	"time"
)

// answered is a client's transport without a network, so that only the annotations cost.
type answered struct{}

func (answered) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
}

// BenchmarkRequest serves a request that makes one call, with and without annotations, while a tracer runs or not.
func BenchmarkRequest(b *testing.B) {
	transports := map[bool]http.RoundTripper{false: answered{}, true: RoundTripper(answered{}, WithDeadlineHeader("Request-Timeout"))}
	for _, tracing := range []bool{false, true} {
		for _, annotated := range []bool{false, true} {
			b.Run(map[bool]string{false: "untraced/", true: "traced/"}[tracing]+map[bool]string{false: "bare", true: "annotated"}[annotated], func(b *testing.B) {
				var handler http.Handler = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					call, _ := http.NewRequestWithContext(r.Context(), "GET", "http://inventory:8080/stock/42", nil)
					_, _ = transports[annotated].RoundTrip(call)
				})
				if annotated {
					handler = Middleware(handler, WithDeadlineFromHeader())
				}
				if tracing {
					if err := trace.Start(io.Discard); err != nil {
						b.Fatal(err)
					}
					defer trace.Stop()
				}
				ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
				defer cancel()
				request := httptest.NewRequest("GET", "/orders/42", nil).WithContext(ctx)
				request.Header.Set("Traceparent", caller)
				request.Header.Set("Request-Timeout", "2s")
				b.ReportAllocs()
				for range b.N {
					handler.ServeHTTP(httptest.NewRecorder(), request)
				}
			})
		}
	}
}
