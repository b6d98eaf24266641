package unpark

import (
	"context"
	"errors"
	"runtime/trace"
	"strings"
	"time"
)

// Incoming is a request that some server has received. It is for servers that [Middleware] does not know: other
// protocols, queues, routers.
type Incoming struct {
	// Traceparent is what came in, in the form of W3C; empty if nothing did. What cannot be read counts as empty.
	Traceparent string
	// Own says that Traceparent is this request's own, made by another tracing library, and Parent the caller's span.
	Own    bool
	Parent string
	// Route is low in cardinality.
	Route string
	// HeaderDeadline is what the caller asked for; zero if nothing.
	HeaderDeadline time.Time
}

// BeginRequest opens the task and logs what docs/annotations.md says, on this goroutine. The handler gets the context; end
// is called when it returns, with the status to log ("" for none). Within a request that is already ours it changes
// nothing. It also feeds the triggers of an agent in the mode [Triggered].
func BeginRequest(ctx context.Context, in Incoming, opts ...Option) (handler context.Context, end func(status string)) {
	if InRequest(ctx) {
		return ctx, func(string) {}
	}
	o := newOptions(opts)
	return o.begin(withRequest(ctx, o.identify(in)), func() string { return o.clean("route", in.Route) }, in.HeaderDeadline)
}

// InRequest reports whether ctx belongs to a request that [Middleware] or [BeginRequest] has opened.
func InRequest(ctx context.Context) bool { return ctx.Value(requestKey{}) != nil }

func withRequest(ctx context.Context, r served) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

func (o *options) identify(in Incoming) served {
	caller, ok := parseTraceparent(strings.TrimSpace(in.Traceparent))
	switch {
	case ok && in.Own:
		return served{caller, in.Parent}
	case ok:
		return served{traceContext{trace: caller.trace, span: newSpanID(), flags: caller.flags}, caller.span}
	default:
		return served{traceContext{trace: newTraceID(), span: newSpanID(), flags: o.freshFlags()}, ""}
	}
}

// begin needs a context that knows its request. The route is asked for only if somebody wants to know.
func (o *options) begin(ctx context.Context, routeOf func() string, asked time.Time) (context.Context, func(status string)) {
	watcher := watching.Load()
	if watcher == nil && !trace.IsEnabled() {
		return ctx, func(string) {}
	}
	request := ctx.Value(requestKey{}).(served)
	route := routeOf()
	ctx, task := trace.NewTask(ctx, requestTask)
	deadline, _ := ctx.Deadline()
	text := new(message).add("trace", request.ids.trace).add("span", request.ids.span).add("parent", request.parent).
		time("hdr_deadline_ns", asked).time("ctx_deadline_ns", deadline).last("route", route)
	trace.Log(ctx, categoryRequest, text)

	inTime := func() {}
	if watcher != nil {
		inTime = watcher.watchRequest(route)
	}
	stop := context.AfterFunc(ctx, func() {
		trace.Log(ctx, categoryCancel, new(message).add("cause", cause(ctx.Err())).String())
		if watcher != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			watcher.deadlineExceeded(route)
		}
	})
	return ctx, func(status string) {
		stop() // before the server and our own cancel end the context in the ordinary way
		inTime()
		trace.Log(ctx, categoryEnd, new(message).add("status", status).String())
		task.End()
	}
}

// Outgoing is a call that this service makes, for clients that [RoundTripper] does not know.
type Outgoing struct {
	// Traceparent that another library has already put on the call; empty if none has.
	Traceparent string
	// Peer is host and port; Route is method and path, or the like, low in cardinality.
	Peer, Route string
	// HeaderDeadline is what the callee is told; zero if nothing.
	HeaderDeadline time.Time
}

// BeginCall logs that a call starts, on the calling goroutine, and says which traceparent to send; end is called on the
// same goroutine when it returns. A call on a context without a request of ours gets a trace id of its own and is
// logged as detached.
func BeginCall(ctx context.Context, out Outgoing, opts ...Option) (traceparent string, end func(error)) {
	o := newOptions(opts)
	set, ok := parseTraceparent(strings.TrimSpace(out.Traceparent))
	sent, detached := o.identifyCall(ctx, set, ok)
	call := func() (peer, route string, told time.Time) {
		return o.clean("peer", out.Peer), o.clean("route", out.Route), out.HeaderDeadline
	}
	return sent.String(), o.beginCall(ctx, sent, detached, call)
}

// identifyCall decides which ids a call sends. One that is set is kept, unless it is the incoming one, copied: then
// both calls would look like one.
func (o *options) identifyCall(ctx context.Context, set traceContext, isSet bool) (sent traceContext, detached bool) {
	request, ours := ctx.Value(requestKey{}).(served)
	if isSet && !(ours && set.span == request.parent) {
		return set, !ours
	}
	if !ours {
		return traceContext{trace: newTraceID(), span: newSpanID(), flags: o.freshFlags()}, true
	}
	return traceContext{trace: request.ids.trace, span: newSpanID(), flags: request.ids.flags}, false
}

// beginCall asks what the call is only if it is logged.
func (o *options) beginCall(ctx context.Context, sent traceContext, detached bool,
	call func() (peer, route string, told time.Time)) (end func(error)) {
	if !trace.IsEnabled() {
		return func(err error) { watchDeadline(err, "") }
	}
	peer, route, told := call()
	deadline, _ := ctx.Deadline()
	text := new(message).add("trace", sent.trace).add("span", sent.span).time("ctx_deadline_ns", deadline).
		time("hdr_deadline_ns", told)
	if detached {
		text.add("detached", "1")
	}
	text.add("peer", cut(peer, maxPeerBytes))
	trace.Log(ctx, categoryCall, text.last("route", route))
	return func(err error) {
		text := new(message).add("span", sent.span)
		if err != nil {
			text.add("error", cut(o.clean("error", err.Error()), maxErrorBytes))
		}
		trace.Log(ctx, categoryCallEnd, text.String())
		watchDeadline(err, route)
	}
}

func cause(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "deadline"
	}
	return "canceled"
}
