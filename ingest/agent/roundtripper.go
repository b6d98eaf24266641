package unpark

import (
	"context"
	"net"
	"net/http"
	"runtime/trace"
	"time"
)

// RoundTripper annotates outgoing calls and sends W3C traceparent, so that both sides can be joined; with
// [WithDeadlineHeader] it also sends what is left of the deadline. base nil stands for http.DefaultTransport.
//
// A call is tied to the request being served by its context. A call on any other context gets a trace id of its own
// and is logged as detached. A traceparent that is already set (by OpenTelemetry, say) is kept and logged, unless it
// is the incoming one, copied: then both calls would look like one.
func RoundTripper(base http.RoundTripper, opts ...Option) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return &roundTripper{base: base, options: newOptions(opts)}
}

type roundTripper struct {
	base    http.RoundTripper
	options options
}

func (t *roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	sent, detached := t.identify(ctx, r.Header)
	deadline, _ := ctx.Deadline()
	r = copyWithHeader(r)
	r.Header.Set(traceparentHeader, sent.String())
	t.addDeadline(r.Header, deadline)
	if !trace.IsEnabled() {
		return t.base.RoundTrip(r)
	}
	t.logCall(ctx, r, sent, detached, deadline)
	response, err := t.base.RoundTrip(r)
	end := new(message).add("span", sent.span)
	if err != nil {
		end.add("error", cut(t.options.clean("error", err.Error()), maxErrorBytes))
	}
	trace.Log(ctx, categoryCallEnd, end.String())
	return response, err
}

// CloseIdleConnections is found by http.Client.CloseIdleConnections.
func (t *roundTripper) CloseIdleConnections() {
	if base, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

// identify decides which ids this call sends.
func (t *roundTripper) identify(ctx context.Context, header http.Header) (sent traceContext, detached bool) {
	request, ours := ctx.Value(requestKey{}).(served)
	if set, ok := traceparentOf(header); ok && !(ours && set.span == request.parent) {
		return set, !ours
	}
	if !ours {
		return traceContext{trace: newTraceID(), span: newSpanID(), flags: t.options.freshFlags()}, true
	}
	return traceContext{trace: request.ids.trace, span: newSpanID(), flags: request.ids.flags}, false
}

func (t *roundTripper) addDeadline(header http.Header, deadline time.Time) {
	name := t.options.sendDeadline
	if name != "" && !deadline.IsZero() && len(header[name]) == 0 {
		header.Set(name, formatBudget(name, time.Until(deadline)))
	}
}

func (t *roundTripper) logCall(ctx context.Context, r *http.Request, sent traceContext, detached bool, deadline time.Time) {
	text := new(message).add("trace", sent.trace).add("span", sent.span).time("ctx_deadline_ns", deadline)
	if budget, ok := headerBudget(r.Header, []string{t.options.sendDeadline}); ok {
		text.time("hdr_deadline_ns", time.Now().Add(budget))
	}
	if detached {
		text.add("detached", "1")
	}
	text.add("peer", cut(t.options.clean("peer", peerOf(r)), maxPeerBytes))
	trace.Log(ctx, categoryCall, text.last("route", t.options.callRoute(r)))
}

// peerOf is host and port of the callee.
func peerOf(r *http.Request) string {
	if r.URL.Port() != "" {
		return r.URL.Host
	}
	port := "80"
	if r.URL.Scheme == "https" {
		port = "443"
	}
	return net.JoinHostPort(r.URL.Hostname(), port)
}

// copyWithHeader leaves the caller's request alone, as http.RoundTripper demands.
func copyWithHeader(r *http.Request) *http.Request {
	c := *r
	c.Header = r.Header.Clone()
	if c.Header == nil {
		c.Header = make(http.Header)
	}
	return &c
}
