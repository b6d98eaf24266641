// Package unparkotel writes what OpenTelemetry knows about requests into the runtime's execution trace, in the form of
// docs/annotations.md: the SDK opens a runtime/trace task for each span, but says no ids.
package unparkotel

import (
	"context"
	"runtime/trace"
	"strconv"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"

	unpark "github.com/unpark/unpark/ingest/agent"
)

// maxOpen bounds how many spans are remembered: some are never ended.
const maxOpen = 100_000

// Processor is an sdk.SpanProcessor. A span of kind server or consumer becomes a request, one of kind client or producer
// within it a call. It does nothing while no tracer runs. Use it in place of unpark.Middleware; a span within a request
// that the middleware has opened opens none of its own.
type Processor struct {
	options []unpark.Option
	spans   sync.Map // oteltrace.SpanID -> *span
	open    atomic.Int64
}

var _ sdk.SpanProcessor = (*Processor)(nil)

// NewProcessor is registered with sdk.WithSpanProcessor, beside those that export. Of the options, WithRedact has an
// effect.
func NewProcessor(options ...unpark.Option) *Processor { return &Processor{options: options} }

// span is what is remembered of one that is not ended.
type span struct {
	request context.Context // of the request it belongs to; nil outside of any
	end     func(sdk.ReadOnlySpan)
}

// OnStart runs on the goroutine that starts the span, before the SDK opens the span's own task.
func (p *Processor) OnStart(parent context.Context, s sdk.ReadWriteSpan) {
	if !trace.IsEnabled() {
		return
	}
	var request context.Context
	if local := s.Parent(); local.IsValid() && !local.IsRemote() {
		if known, ok := p.spans.Load(local.SpanID()); ok {
			request = known.(*span).request
		}
	}
	switch s.SpanKind() {
	case oteltrace.SpanKindServer, oteltrace.SpanKindConsumer:
		if request == nil && !unpark.InRequest(parent) {
			p.beginRequest(parent, s)
			return
		}
	case oteltrace.SpanKindClient, oteltrace.SpanKindProducer:
		p.beginCall(parent, request, s)
		return
	}
	if request != nil {
		p.keep(s, &span{request: request})
	}
}

func (p *Processor) beginRequest(parent context.Context, s sdk.ReadWriteSpan) {
	in := unpark.Incoming{Traceparent: traceparent(s.SpanContext()), Own: true, Route: route(s)}
	if s.Parent().IsValid() {
		in.Parent = s.Parent().SpanID().String()
	}
	ctx, end := unpark.BeginRequest(parent, in, p.options...)
	p.keep(s, &span{request: ctx, end: func(s sdk.ReadOnlySpan) { end(status(s)) }})
}

func (p *Processor) beginCall(parent, request context.Context, s sdk.ReadWriteSpan) {
	ctx := parent
	if request != nil {
		ctx = within{parent, request}
	}
	out := unpark.Outgoing{Traceparent: traceparent(s.SpanContext()), Peer: peer(s), Route: route(s)}
	_, end := unpark.BeginCall(ctx, out, p.options...)
	p.keep(s, &span{request: request, end: func(s sdk.ReadOnlySpan) { end(failure(s)) }})
}

func (p *Processor) keep(s sdk.ReadWriteSpan, known *span) {
	if p.open.Add(1) > maxOpen {
		p.open.Add(-1)
		if known.end != nil {
			known.end(s) // better an early end than a task that stays open
		}
		return
	}
	p.spans.Store(s.SpanContext().SpanID(), known)
}

// OnEnd may run on any goroutine.
func (p *Processor) OnEnd(s sdk.ReadOnlySpan) {
	known, ok := p.spans.LoadAndDelete(s.SpanContext().SpanID())
	if !ok {
		return
	}
	p.open.Add(-1)
	if end := known.(*span).end; end != nil {
		end(s)
	}
}

// Shutdown has nothing to let go of.
func (p *Processor) Shutdown(context.Context) error { return nil }

// ForceFlush has nothing to flush.
func (p *Processor) ForceFlush(context.Context) error { return nil }

// within is a call's context that knows the request it is made in: deadline and end are the call's own.
type within struct {
	context.Context
	request context.Context
}

func (w within) Value(key any) any {
	if value := w.request.Value(key); value != nil {
		return value
	}
	return w.Context.Value(key)
}

func traceparent(c oteltrace.SpanContext) string {
	return "00-" + c.TraceID().String() + "-" + c.SpanID().String() + "-" + c.TraceFlags().String()
}

// failed is an error of which only the text is known.
type failed string

func (f failed) Error() string { return string(f) }

func failure(s sdk.ReadOnlySpan) error {
	if s.Status().Code != codes.Error {
		return nil
	}
	if text := s.Status().Description; text != "" {
		return failed(text)
	}
	return failed("error")
}

// The names are those of OpenTelemetry's semantic conventions, the older ones second.
func route(s sdk.ReadOnlySpan) string {
	method := text(s, "http.request.method", "http.method")
	if pattern := text(s, "http.route"); pattern != "" && method != "" {
		return method + " " + pattern
	}
	return s.Name()
}

func peer(s sdk.ReadOnlySpan) string {
	host := text(s, "server.address", "net.peer.name")
	if port := text(s, "server.port", "net.peer.port"); host != "" && port != "" {
		return host + ":" + port
	}
	return host
}

func status(s sdk.ReadOnlySpan) string {
	if code := text(s, "http.response.status_code", "http.status_code"); code != "" {
		return code
	}
	if s.Status().Code == codes.Error {
		return "500"
	}
	return ""
}

func text(s sdk.ReadOnlySpan, names ...attribute.Key) string {
	attributes := s.Attributes()
	for _, name := range names {
		for _, a := range attributes {
			if a.Key != name {
				continue
			}
			if a.Value.Type() == attribute.INT64 {
				return strconv.FormatInt(a.Value.AsInt64(), 10)
			}
			return a.Value.AsString()
		}
	}
	return ""
}
