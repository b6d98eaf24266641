package unpark

import (
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
	sent, detached := t.options.identifyCall(ctx, set, isSet)
	deadline, _ := ctx.Deadline()
	r = copyWithHeader(r)
	r.Header.Set(traceparentHeader, sent.String())
	t.addDeadline(r.Header, deadline)
	end := t.options.beginCall(ctx, sent, detached, func() (peer, route string, told time.Time) {
		return t.options.clean("peer", peerOf(r)), t.options.callRoute(r), t.toldDeadline(r.Header)
	})
	response, err := t.base.RoundTrip(r)
	end(err)
	return response, err
}

// CloseIdleConnections is found by http.Client.CloseIdleConnections.
func (t *roundTripper) CloseIdleConnections() {
	if base, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

func (t *roundTripper) addDeadline(header http.Header, deadline time.Time) {
	name := t.options.sendDeadline
	if name != "" && !deadline.IsZero() && len(header[name]) == 0 {
		header.Set(name, formatBudget(name, time.Until(deadline)))
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
	c.Header = r.Header.Clone()
	if c.Header == nil {
		c.Header = make(http.Header)
	}
	return &c
}
