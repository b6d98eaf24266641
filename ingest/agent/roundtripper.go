package unpark

import (
	"context"
	"net"
	"net/http"
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
	set, isSet := traceparentOf(r.Header)
	sent, text, detached := t.options.identifyCall(ctx, set, isSet)
	r = copyWithHeader(r)
	values := &[2]string{text} // both headers' values
	r.Header[traceparentHeader] = values[:1:1]
	t.addDeadline(ctx, r.Header, values[1:])
	call := t.options.beginCall(ctx, sent, detached, func() (peer, route string, told time.Time) {
		return t.options.clean("peer", peerOf(r)), t.options.callRoute(r), t.toldDeadline(r.Header)
	})
	response, err := t.base.RoundTrip(r)
	call.end(err)
	return response, err
}

// CloseIdleConnections is found by http.Client.CloseIdleConnections.
func (t *roundTripper) CloseIdleConnections() {
	if base, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

// addDeadline writes what is left of the deadline into the one value that it is given.
func (t *roundTripper) addDeadline(ctx context.Context, header http.Header, value []string) {
	name := t.options.sendDeadline
	if name == "" || len(header[name]) != 0 {
		return
	}
	if deadline, ok := ctx.Deadline(); ok {
		value[0] = formatBudget(name, time.Until(deadline))
		header[name] = value
	}
}

func (t *roundTripper) toldDeadline(header http.Header) time.Time {
	budget, ok := headerBudget(header, []string{t.options.sendDeadline})
	if !ok {
		return time.Time{}
	}
	return time.Now().Add(budget)
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
	c.Header = make(http.Header, len(r.Header)+2) // a traceparent and a deadline
	for name, values := range r.Header {
		c.Header[name] = values // shared: nobody may change a request that is sent
	}
	return &c
}
