// Package unparkgrpc annotates gRPC's requests and calls in the runtime's execution trace, in the form of
// docs/annotations.md, and joins the two sides by W3C traceparent in the metadata. Deadlines need no help: gRPC itself
// sends what is left of them and sets them on the other side.
package unparkgrpc

import (
	"context"
	"io"
	"strconv"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	unpark "github.com/unpark/unpark/ingest/agent"
)

const traceparentKey = "traceparent"

// UnaryServer annotates requests. Of the options, WithRedact and WithUnsampled have an effect here and below.
func UnaryServer(options ...unpark.Option) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (response any, err error) {
		ctx, end := begin(ctx, info.FullMethod, options)
		failed := true // a handler that panics counts as failed
		defer func() { end(httpStatus(err, failed)) }()
		response, err = handler(ctx, request)
		failed = false
		return response, err
	}
}

// StreamServer annotates requests that are streams, from their beginning to the handler's return.
func StreamServer(options ...unpark.Option) grpc.StreamServerInterceptor {
	return func(service any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) (err error) {
		ctx, end := begin(stream.Context(), info.FullMethod, options)
		failed := true
		defer func() { end(httpStatus(err, failed)) }()
		err = handler(service, &serverStream{stream, ctx})
		failed = false
		return err
	}
}

type serverStream struct {
	grpc.ServerStream
	ctx context.Context
}

func (s *serverStream) Context() context.Context { return s.ctx }

func begin(ctx context.Context, method string, options []unpark.Option) (context.Context, func(string)) {
	in := unpark.Incoming{Route: method}
	if values := metadata.ValueFromIncomingContext(ctx, traceparentKey); len(values) == 1 {
		in.Traceparent = values[0]
	}
	// Before any handler of the service's own the context's deadline is the one that grpc-timeout asked for.
	in.HeaderDeadline, _ = ctx.Deadline()
	return unpark.BeginRequest(ctx, in, options...)
}

// UnaryClient annotates calls and sends their ids.
func UnaryClient(options ...unpark.Option) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, request, reply any, connection *grpc.ClientConn, invoke grpc.UnaryInvoker, call ...grpc.CallOption) error {
		ctx, end := beginCall(ctx, connection.Target(), method, options)
		err := invoke(ctx, method, request, reply, connection, call...)
		end(err)
		return err
	}
}

// StreamClient annotates calls that are streams. Such a call ends where the stream is seen to end: at an error, at its
// last message, or with the context of its caller.
func StreamClient(options ...unpark.Option) grpc.StreamClientInterceptor {
	return func(ctx context.Context, description *grpc.StreamDesc, connection *grpc.ClientConn, method string, open grpc.Streamer, call ...grpc.CallOption) (grpc.ClientStream, error) {
		ctx, end := beginCall(ctx, connection.Target(), method, options)
		stream, err := open(ctx, description, connection, method, call...)
		if err != nil {
			end(err)
			return nil, err
		}
		s := &clientStream{ClientStream: stream, answersOnce: !description.ServerStreams}
		s.end = func(err error) { s.once.Do(func() { end(err) }) }
		s.stop = context.AfterFunc(ctx, func() { s.end(context.Cause(ctx)) })
		return s, nil
	}
}

func beginCall(ctx context.Context, target, method string, options []unpark.Option) (context.Context, func(error)) {
	out := unpark.Outgoing{Peer: target, Route: method}
	outgoing, _ := metadata.FromOutgoingContext(ctx)
	values := outgoing.Get(traceparentKey)
	if len(values) == 1 {
		out.Traceparent = values[0]
	}
	out.HeaderDeadline, _ = ctx.Deadline()
	sent, end := unpark.BeginCall(ctx, out, options...)
	if len(values) != 1 || values[0] != sent {
		outgoing = outgoing.Copy() // what is in the context belongs to others
		if outgoing == nil {
			outgoing = metadata.MD{}
		}
		outgoing.Set(traceparentKey, sent)
		ctx = metadata.NewOutgoingContext(ctx, outgoing)
	}
	return ctx, end
}

type clientStream struct {
	grpc.ClientStream
	answersOnce bool
	once        sync.Once
	end         func(error)
	stop        func() bool
}

func (s *clientStream) RecvMsg(message any) error {
	err := s.ClientStream.RecvMsg(message)
	switch {
	case err == io.EOF:
		s.finish(nil)
	case err != nil:
		s.finish(err)
	case s.answersOnce:
		s.finish(nil)
	}
	return err
}

func (s *clientStream) finish(err error) {
	s.stop()
	s.end(err)
}

// httpStatus is the HTTP status that stands for a gRPC code, as gateways translate it.
func httpStatus(err error, failed bool) string {
	if failed {
		return "500"
	}
	return strconv.Itoa(ofCode(status.Code(err)))
}

func ofCode(code codes.Code) int {
	switch code {
	case codes.OK:
		return 200
	case codes.Canceled:
		return 499
	case codes.InvalidArgument, codes.FailedPrecondition, codes.OutOfRange:
		return 400
	case codes.Unauthenticated:
		return 401
	case codes.PermissionDenied:
		return 403
	case codes.NotFound:
		return 404
	case codes.AlreadyExists, codes.Aborted:
		return 409
	case codes.ResourceExhausted:
		return 429
	case codes.Unimplemented:
		return 501
	case codes.Unavailable:
		return 503
	case codes.DeadlineExceeded:
		return 504
	default:
		return 500
	}
}
