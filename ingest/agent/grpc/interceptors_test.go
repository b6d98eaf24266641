package unparkgrpc

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/trace"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	unpark "github.com/unpark/unpark/ingest/agent"
)

var logPattern = regexp.MustCompile(`Log .*?Task=(\d+) Category="([^"]*)" Message="(.*)"`)

type entry struct{ task, category, message string }

func (e entry) field(key string) string {
	for _, pair := range strings.Fields(e.message) {
		if value, ok := strings.CutPrefix(pair, key+"="); ok {
			return value
		}
	}
	return ""
}

func traced(t *testing.T, work func()) map[string][]entry {
	t.Helper()
	var raw bytes.Buffer
	if err := trace.Start(&raw); err != nil {
		t.Fatal(err)
	}
	work()
	trace.Stop()
	file := filepath.Join(t.TempDir(), "t.trace")
	if err := os.WriteFile(file, raw.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "tool", "trace", "-d=parsed", file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %.1000s", err, out)
	}
	logs := map[string][]entry{}
	for _, m := range logPattern.FindAllStringSubmatch(string(out), -1) {
		logs[m[2]] = append(logs[m[2]], entry{m[1], m[2], m[3]})
	}
	return logs
}

// chain answers Check by asking the next service, if there is one, and Watch with two messages.
type chain struct {
	grpc_health_v1.UnimplementedHealthServer
	next grpc_health_v1.HealthClient
}

func (c *chain) Check(ctx context.Context, r *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	if c.next == nil {
		return nil, status.Error(codes.NotFound, "no such service")
	}
	return c.next.Check(ctx, r)
}

func (c *chain) Watch(_ *grpc_health_v1.HealthCheckRequest, stream grpc.ServerStreamingServer[grpc_health_v1.HealthCheckResponse]) error {
	if !unpark.InRequest(stream.Context()) {
		return status.Error(codes.Internal, "the handler's context knows no request")
	}
	for range 2 {
		if err := stream.Send(&grpc_health_v1.HealthCheckResponse{}); err != nil {
			return err
		}
	}
	return nil
}

func serve(t *testing.T, c *chain) (grpc_health_v1.HealthClient, func()) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer(grpc.UnaryInterceptor(UnaryServer()), grpc.StreamInterceptor(StreamServer()))
	grpc_health_v1.RegisterHealthServer(server, c)
	go func() { _ = server.Serve(listener) }()
	connection, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithUnaryInterceptor(UnaryClient()), grpc.WithStreamInterceptor(StreamClient()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	t.Cleanup(func() { _ = connection.Close() })
	return grpc_health_v1.NewHealthClient(connection), server.GracefulStop
}

func TestACallThroughTwoServicesJoins(t *testing.T) {
	// Given
	back, stopBack := serve(t, &chain{})
	front, stopFront := serve(t, &chain{next: back})

	// When
	logs := traced(t, func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_, err := front.Check(ctx, &grpc_health_v1.HealthCheckRequest{})
		if status.Code(err) != codes.NotFound {
			t.Errorf("error %v", err)
		}
		stopFront()
		stopBack()
	})

	// Then: the client's call, the front's request, its call, the back's request
	calls, requests, ends := logs["unpark.call"], logs["unpark.request"], logs["unpark.end"]
	if len(calls) != 2 || len(requests) != 2 || len(ends) != 2 || len(logs["unpark.call_end"]) != 2 {
		t.Fatalf("logs %v", logs)
	}
	for i := range 2 {
		if requests[i].field("parent") != calls[i].field("span") || requests[i].field("trace") != calls[0].field("trace") {
			t.Errorf("request %d: %v, call %v", i, requests[i], calls[i])
		}
		if requests[i].field("hdr_deadline_ns") == "" || calls[i].field("hdr_deadline_ns") == "" {
			t.Errorf("no deadline: %v, %v", requests[i], calls[i])
		}
		if ends[i].field("status") != "404" {
			t.Errorf("end %v", ends[i])
		}
	}
	if calls[0].field("detached") != "1" || calls[1].field("detached") != "" || calls[1].task != requests[0].task {
		t.Errorf("calls %v", calls)
	}
	if route := requests[0].field("route"); route != "%2Fgrpc.health.v1.Health%2FCheck" {
		t.Errorf("route %s", route)
	}
}

func TestAStreamIsARequestAndACall(t *testing.T) {
	client, stop := serve(t, &chain{})

	logs := traced(t, func() {
		stream, err := client.Watch(context.Background(), &grpc_health_v1.HealthCheckRequest{})
		if err != nil {
			t.Error(err)
			return
		}
		for err == nil {
			_, err = stream.Recv()
		}
		stop()
	})

	if len(logs["unpark.call"]) != 1 || len(logs["unpark.call_end"]) != 1 || len(logs["unpark.request"]) != 1 {
		t.Fatalf("logs %v", logs)
	}
	if end := logs["unpark.call_end"][0]; end.field("error") != "" || end.field("span") != logs["unpark.call"][0].field("span") {
		t.Errorf("end %v", end)
	}
	if got := logs["unpark.end"][0].field("status"); got != "200" {
		t.Errorf("status %s", got)
	}
}
