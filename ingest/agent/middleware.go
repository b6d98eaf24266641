package unpark

import (
	"context"
	"errors"
	"net/http"
	"runtime/trace"
	"strconv"
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
	if ctx.Value(requestKey{}) != nil {
		m.next.ServeHTTP(w, r)
		return
	}
	request := m.identify(r.Header)
	ctx = context.WithValue(ctx, requestKey{}, request)
	asked := m.headerDeadline(r.Header)
	if m.options.applyDeadline && !asked.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, asked)
		defer cancel()
	}
	if !trace.IsEnabled() {
		m.next.ServeHTTP(w, r.WithContext(ctx))
		return
	}
	m.serveTraced(ctx, w, r, request, asked)
}

func (m *middleware) identify(header http.Header) served {
	if caller, ok := traceparentOf(header); ok {
		return served{traceContext{trace: caller.trace, span: newSpanID(), flags: caller.flags}, caller.span}
	}
	return served{traceContext{trace: newTraceID(), span: newSpanID(), flags: m.options.freshFlags()}, ""}
}

func (m *middleware) headerDeadline(header http.Header) time.Time {
	budget, ok := headerBudget(header, m.options.deadlineHeaders)
	if !ok {
		return time.Time{}
	}
	return time.Now().Add(budget)
}

func (m *middleware) serveTraced(ctx context.Context, w http.ResponseWriter, r *http.Request,
	request served, asked time.Time) {
	ctx, task := trace.NewTask(ctx, requestTask)
	defer task.End()
	deadline, _ := ctx.Deadline()
	text := new(message).add("trace", request.ids.trace).add("span", request.ids.span).add("parent", request.parent).
		time("hdr_deadline_ns", asked).time("ctx_deadline_ns", deadline).
		last("route", m.options.routeOf(r, m.mux))
	trace.Log(ctx, categoryRequest, text)

	stop := context.AfterFunc(ctx, func() {
		trace.Log(ctx, categoryCancel, new(message).add("cause", cause(ctx.Err())).String())
	})
	status := &statusWriter{ResponseWriter: w}
	returned := false
	defer func() {
		stop() // before the server and our own cancel end the context in the ordinary way
		trace.Log(ctx, categoryEnd, new(message).add("status", strconv.Itoa(status.final(returned))).String())
	}()
	m.next.ServeHTTP(status.expose(), r.WithContext(ctx))
	returned = true
}

func cause(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "deadline"
	}
	return "canceled"
}
