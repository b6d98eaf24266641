package unpark

import "net/http"

// Option changes what [Middleware] or [RoundTripper] does. Options of the other side have no effect.
type Option func(*options)

type options struct {
	route           func(*http.Request) string
	redact          func(key, value string) string
	applyDeadline   bool
	deadlineHeaders []string // more incoming headers, canonical
	sendDeadline    string   // outgoing header, canonical; empty: none
	unsampled       bool
}

func newOptions(list []Option) options {
	var o options
	for _, set := range list {
		set(&o)
	}
	return o
}

// WithRoute names the route of a request, low in cardinality, for instance "GET /orders/{id}". An empty answer falls
// back to the default: the pattern that http.ServeMux matched (see [Middleware]), else method and path, where path
// segments that hold digits or are long stand as "*".
func WithRoute(route func(*http.Request) string) Option {
	return func(o *options) { o.route = route }
}

// WithRedact is called for every value that comes from the outside before it is logged; key is "route", "peer" or
// "error". What it returns is logged instead; with "" the field is left out.
func WithRedact(redact func(key, value string) string) Option {
	return func(o *options) { o.redact = redact }
}

// WithDeadlineFromHeader makes the middleware turn an incoming deadline header into the deadline of the request's
// context. Understood are grpc-timeout, x-envoy-expected-rq-timeout-ms, Request-Timeout (a Go duration) and
// X-Request-Timeout (a bare number is milliseconds, else a Go duration); more names are read like the last. With
// several headers the shortest time wins.
func WithDeadlineFromHeader(more ...string) Option {
	return func(o *options) {
		o.applyDeadline = true
		o.deadlineHeaders = canonical(more)
	}
}

// WithDeadlineHeader makes the round-tripper send what is left of the context's deadline in the header called name, in
// the form that this header takes; a name that is not known gets a Go duration. A header that is already set stays.
func WithDeadlineHeader(name string) Option {
	return func(o *options) { o.sendDeadline = http.CanonicalHeaderKey(name) }
}

// WithUnsampled clears the "sampled" flag in a traceparent that this package makes up. The default sets it, because
// OpenTelemetry services behind this one would stop recording otherwise; with samplers that honour the parent it
// makes them record everything. A traceparent that came in keeps its flags.
func WithUnsampled() Option {
	return func(o *options) { o.unsampled = true }
}

func (o *options) clean(key, value string) string {
	if o.redact == nil || value == "" {
		return value
	}
	return o.redact(key, value)
}

func (o *options) freshFlags() string {
	if o.unsampled {
		return "00"
	}
	return "01"
}

func canonical(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = http.CanonicalHeaderKey(name)
	}
	return out
}
