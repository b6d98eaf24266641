package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime/trace"
	"time"

	"example.org/requests/work"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	api "go.opentelemetry.io/otel/trace"
)

func serve(h http.Handler) (*service, error) {
	s := httptest.NewServer(h)
	return &service{client(s.Client(), s.URL), s.Close}, nil
}

// serveOTel has a server span around each request, as otelhttp makes it, and an inner one.
func serveOTel() (*service, error) {
	tracer := sdk.NewTracerProvider().Tracer("recording")
	m := mux(func(w http.ResponseWriter, r *http.Request) {
		_, inner := tracer.Start(r.Context(), "load "+r.PathValue("kind"))
		time.Sleep(time.Millisecond)
		inner.End()
		handle(w, r)
	})
	return serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, span := tracer.Start(r.Context(), r.Method+" /do/{kind}", api.WithSpanKind(api.SpanKindServer))
		defer span.End()
		m.ServeHTTP(w, r.WithContext(ctx))
	}))
}

// serveOTelClientOnly instruments only what the handler calls: two spans one after the other, none around the request.
func serveOTelClientOnly() (*service, error) {
	tracer := sdk.NewTracerProvider().Tracer("recording")
	m := mux(func(w http.ResponseWriter, r *http.Request) {
		for _, table := range []string{"orders", "stock"} {
			_, span := tracer.Start(r.Context(), "SELECT "+table, api.WithSpanKind(api.SpanKindClient))
			time.Sleep(time.Millisecond)
			span.End()
		}
		handle(w, r)
	})
	return serve(m)
}

// ddSpan opens a task and logs the span's id as dd-trace-go does: 8 raw bytes, little endian.
func ddSpan(ctx context.Context, resource string) (context.Context, uint64, func()) {
	ctx, task := trace.NewTask(ctx, resource)
	id := rand.Uint64()
	var raw [8]byte
	binary.LittleEndian.PutUint64(raw[:], id)
	trace.Log(ctx, "datadog.uint64_span_id", string(raw[:]))
	return ctx, id, task.End
}

func serveDatadog() (*service, error) {
	return serve(mux(func(w http.ResponseWriter, r *http.Request) {
		ctx, id, end := ddSpan(r.Context(), r.Method+" /do/{kind}")
		defer end()
		work.Do(r.PathValue("kind"), func(row *work.Row) {
			row.SpanID = fmt.Sprintf("%016x", id)
			_, _, inner := ddSpan(ctx, "SELECT")
			time.Sleep(time.Millisecond)
			inner()
		})
		fmt.Fprintln(w, "done")
	}))
}

// serveAnnotated writes Unpark's own annotations, and has a worker that marks what it does for whom by a region.
func serveAnnotated() (*service, error) {
	return serve(mux(func(w http.ResponseWriter, r *http.Request) {
		ctx, task := trace.NewTask(r.Context(), "unpark.request")
		defer task.End()
		traceID := fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64())
		span := fmt.Sprintf("%016x", rand.Uint64())
		trace.Log(ctx, "unpark.request", "v=1 trace="+traceID+" span="+span+" route="+r.Method+"+%2Fdo%2F%7Bkind%7D")
		work.Do(r.PathValue("kind"), func(row *work.Row) {
			row.TraceID, row.SpanID = traceID, span
			marked(ctx)
		})
		fmt.Fprintln(w, "done")
	}))
}

var marks = startMarker()

type mark struct {
	ctx  context.Context
	done chan struct{}
}

// startMarker starts a worker that serves all requests in turn and says in regions which one.
func startMarker() chan mark {
	in := make(chan mark, 8)
	go func() {
		for m := range in {
			trace.WithRegion(m.ctx, "render", func() { work.Burn(time.Millisecond) })
			close(m.done)
		}
	}()
	return in
}

func marked(ctx context.Context) {
	m := mark{ctx, make(chan struct{})}
	marks <- m
	<-m.done
}
