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
	request := o.identify(in)
	handler, open := o.begin(withRequest(ctx, request), request, func() string { return o.clean("route", in.Route) }, in.HeaderDeadline)
	return handler, open.end
}

// InRequest reports whether ctx belongs to a request that [Middleware] or [BeginRequest] has opened.
func InRequest(ctx context.Context) bool { return requestOf(ctx) != nil }

func requestOf(ctx context.Context) *served {
	request, _ := ctx.Value(requestKey{}).(*served)
	return request
}

// requestContext is a context that knows its request.
type requestContext struct {
	context.Context
	request served
}

func (c *requestContext) Value(key any) any {
	if key == (requestKey{}) {
		return &c.request
	}
	return c.Context.Value(key)
}

func withRequest(ctx context.Context, r served) context.Context { return &requestContext{ctx, r} }

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

// openRequest is a request that is being logged; nil when nobody wants to know.
type openRequest struct {
	ctx     context.Context
	task    *trace.Task
	watcher *Agent
	route   string
	stop    func() bool // of waiting for the context's end
	inTime  func()      // nil: nobody waits for it
}

// begin needs a context that knows the request. The route is asked for only if somebody wants to know.
func (o *options) begin(ctx context.Context, request served, routeOf func() string, asked time.Time) (context.Context, *openRequest) {
	watcher := watching.Load()
	if watcher == nil && !trace.IsEnabled() {
		return ctx, nil
	}
	r := &openRequest{watcher: watcher, route: routeOf()}
	r.ctx, r.task = trace.NewTask(ctx, requestTask)
	deadline, _ := ctx.Deadline()
	var page paper
	text := page.message().plain("trace", request.ids.trace).plain("span", request.ids.span).add("parent", request.parent).
		time("hdr_deadline_ns", asked).time("ctx_deadline_ns", deadline).last("route", r.route)
	trace.Log(r.ctx, categoryRequest, string(text))
	if watcher != nil {
		r.inTime = watcher.watchRequest(r.route)
	}
	r.stop = context.AfterFunc(r.ctx, r.canceled)
	return r.ctx, r
}

func (r *openRequest) canceled() {
	var page paper
	trace.Log(r.ctx, categoryCancel, string(page.message().plain("cause", cause(r.ctx.Err()))))
	if r.watcher != nil && errors.Is(r.ctx.Err(), context.DeadlineExceeded) {
		r.watcher.deadlineExceeded(r.route)
	}
}

// end logs the status; "" for none.
func (r *openRequest) end(status string) {
	if r != nil {
		var page paper
		r.ended(page.message().add("status", status))
	}
}

// answered is end for a server that knows the status as a number.
func (r *openRequest) answered(status int) {
	if r != nil {
		var page paper
		r.ended(page.message().number("status", int64(status)))
	}
}

func (r *openRequest) ended(text message) {
	r.stop() // before the server and our own cancel end the context in the ordinary way
	if r.inTime != nil {
		r.inTime()
	}
	trace.Log(r.ctx, categoryEnd, string(text))
	r.task.End()
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
	sent, text, detached := o.identifyCall(ctx, set, ok)
	call := func() (peer, route string, told time.Time) {
		return o.clean("peer", out.Peer), o.clean("route", out.Route), out.HeaderDeadline
	}
	begun := o.beginCall(ctx, sent, detached, call)
	return text, begun.end
}

// identifyCall decides which ids a call sends, and their text. One that is set is kept, unless it is the incoming one,
// copied: then both calls would look like one.
func (o *options) identifyCall(ctx context.Context, set traceContext, isSet bool) (sent traceContext, text string, detached bool) {
	request := requestOf(ctx)
	switch {
	case isSet && !(request != nil && set.span == request.parent):
		return set, set.String(), request == nil
	case request == nil:
		sent, text = newChild(newTraceID(), o.freshFlags())
		return sent, text, true
	default:
		sent, text = newChild(request.ids.trace, request.ids.flags)
		return sent, text, false
	}
}

// openCall is a call that may be logged.
type openCall struct {
	options *options
	ctx     context.Context
	span    string
	route   string
	logged  bool
}

// beginCall asks what the call is only if it is logged.
func (o *options) beginCall(ctx context.Context, sent traceContext, detached bool,
	call func() (peer, route string, told time.Time)) openCall {
	if !trace.IsEnabled() {
		return openCall{options: o, ctx: ctx}
	}
	peer, route, told := call()
	deadline, _ := ctx.Deadline()
	var page paper
	text := page.message().plain("trace", sent.trace).plain("span", sent.span).time("ctx_deadline_ns", deadline).
		time("hdr_deadline_ns", told)
	if detached {
		text = text.plain("detached", "1")
	}
	text = text.add("peer", cut(peer, maxPeerBytes)).last("route", route)
	trace.Log(ctx, categoryCall, string(text))
	return openCall{options: o, ctx: ctx, span: sent.span, route: route, logged: true}
}

func (c openCall) end(err error) {
	if c.logged {
		var page paper
		text := page.message().plain("span", c.span)
		if err != nil {
			text = text.add("error", cut(c.options.clean("error", err.Error()), maxErrorBytes))
		}
		trace.Log(c.ctx, categoryCallEnd, string(text))
	}
	watchDeadline(err, c.route)
}

func cause(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "deadline"
	}
	return "canceled"
}
