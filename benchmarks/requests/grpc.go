package main

import (
	"context"
	"net"

	"example.org/requests/work"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	pb "google.golang.org/grpc/interop/grpc_testing"
)

type testServer struct {
	pb.UnimplementedTestServiceServer
}

// UnaryCall is the unary method; the request's kind comes in as the payload.
func (testServer) UnaryCall(_ context.Context, in *pb.SimpleRequest) (*pb.SimpleResponse, error) {
	work.Do(string(in.GetPayload().GetBody()), nil)
	return &pb.SimpleResponse{}, nil
}

// StreamingOutputCall answers with a stream of two messages.
func (testServer) StreamingOutputCall(
	in *pb.StreamingOutputCallRequest, stream grpc.ServerStreamingServer[pb.StreamingOutputCallResponse],
) error {
	if err := stream.Send(&pb.StreamingOutputCallResponse{}); err != nil {
		return err
	}
	work.Do(string(in.GetPayload().GetBody()), nil)
	return stream.Send(&pb.StreamingOutputCallResponse{})
}

func serveGRPC(workers uint32) (*service, error) {
	work.StartPool()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := grpc.NewServer(grpc.NumStreamWorkers(workers))
	pb.RegisterTestServiceServer(server, testServer{})
	go func() { _ = server.Serve(listener) }()
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	c := pb.NewTestServiceClient(conn)
	call := func(ctx context.Context, kind string) error {
		payload := &pb.Payload{Body: []byte(kind)}
		if kind != "spawn" {
			_, err := c.UnaryCall(ctx, &pb.SimpleRequest{Payload: payload})
			return err
		}
		stream, err := c.StreamingOutputCall(ctx, &pb.StreamingOutputCallRequest{Payload: payload})
		for err == nil {
			if _, err = stream.Recv(); err != nil {
				return nil
			}
		}
		return err
	}
	return &service{call, func() { _ = conn.Close(); server.Stop() }}, nil
}
