package unpark

import (
	"context"
	"net/http"
	"runtime/trace"
	"time"
)

// requestKey finds what is served in the context of a request.
type requestKey struct{}

// served identifies the request being served.
type served struct {
	ids    traceContext
	parent string // the caller's span id, empty for a root
}

// Middleware annotates the requests that next serves. Put it around the whole http.ServeMux (the pattern a request
// will match is then asked of the mux) or around single handlers; nested a second time it does nothing. With another
// router use [WithRoute].
//
// It reads W3C traceparent and deadline headers, keeps the ids in the request's context for [RoundTripper], and, with
// [WithDeadlineFromHeader], sets the context's deadline, whether a tracer runs or not.
func Middleware(next http.Handler, opts ...Option) http.Handler {
	mux, _ := next.(patternFinder)
	return &middleware{next: next, mux: mux, options: newOptions(opts)}
}

type middleware struct {
	next    http.Handler
	mux     patternFinder
	options options
}

func (m *middleware) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	if InRequest(ctx) {
		m.next.ServeHTTP(w, r)
		return
	}
	request := m.identify(r.Header)
	ctx = withRequest(ctx, request)
	asked := m.headerDeadline(r.Header)
	if m.options.applyDeadline && !asked.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, asked)
		defer cancel()
	}
	if !trace.IsEnabled() && watching.Load() == nil {
		m.next.ServeHTTP(w, r.WithContext(ctx))
		return
	}
	m.serveTraced(ctx, request, w, r, asked)
}

func (m *middleware) identify(header http.Header) served {
	caller := ""
	if values := header[traceparentHeader]; len(values) == 1 { // else absent, or ambiguous
		caller = values[0]
	}
	return m.options.identify(Incoming{Traceparent: caller})
}

func (m *middleware) headerDeadline(header http.Header) time.Time {
	budget, ok := headerBudget(header, m.options.deadlineHeaders)
	if !ok {
		return time.Time{}
	}
	return time.Now().Add(budget)
}

func (m *middleware) serveTraced(ctx context.Context, request served, w http.ResponseWriter, r *http.Request, asked time.Time) {
	ctx, open := m.options.begin(ctx, request, func() string { return m.options.routeOf(r, m.mux) }, asked)
	status := &statusWriter{ResponseWriter: w}
	returned := false
	defer func() { open.answered(status.final(returned)) }()
	m.next.ServeHTTP(status.expose(), r.WithContext(ctx))
	returned = true
}
