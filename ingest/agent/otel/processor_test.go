package unparkotel

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/trace"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"
)

var logPattern = regexp.MustCompile(`Log .*?Task=(\d+) Category="([^"]*)" Message="(.*)"`)

// traced runs work under the tracer and returns Go's own reading of the logs: task, category, message.
func traced(t *testing.T, work func()) [][]string {
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
	var logs [][]string
	for _, m := range logPattern.FindAllStringSubmatch(string(out), -1) {
		logs = append(logs, m[1:])
	}
	return logs
}

func TestSpansBecomeRequestsAndCalls(t *testing.T) {
	// Given
	processor := NewProcessor()
	tracer := sdk.NewTracerProvider(sdk.WithSpanProcessor(processor), sdk.WithSampler(sdk.AlwaysSample())).Tracer("t")
	remote := oteltrace.NewSpanContext(oteltrace.SpanContextConfig{
		TraceID: oteltrace.TraceID{0x4b, 1}, SpanID: oteltrace.SpanID{0xf0, 2}, TraceFlags: oteltrace.FlagsSampled, Remote: true,
	})
	var server, client oteltrace.SpanContext

	// When
	logs := traced(t, func() {
		ctx, cancel := context.WithTimeout(oteltrace.ContextWithRemoteSpanContext(context.Background(), remote), time.Minute)
		defer cancel()
		ctx, s := tracer.Start(ctx, "GET", oteltrace.WithSpanKind(oteltrace.SpanKindServer),
			oteltrace.WithAttributes(attribute.String("http.request.method", "GET"), attribute.String("http.route", "/orders/{id}")))
		server = s.SpanContext()
		inner, i := tracer.Start(ctx, "inner")
		done := make(chan struct{})
		go func() { // a fan-out: the task, not the goroutine, says whose call it is
			defer close(done)
			_, c := tracer.Start(inner, "POST", oteltrace.WithSpanKind(oteltrace.SpanKindClient),
				oteltrace.WithAttributes(attribute.String("server.address", "inventory"), attribute.Int("server.port", 8080)))
			client = c.SpanContext()
			c.SetStatus(codes.Error, "refused")
			c.End()
		}()
		<-done
		i.End()
		s.SetAttributes(attribute.Int("http.response.status_code", 502))
		s.End()
	})

	// Then
	if len(logs) != 4 {
		t.Fatalf("logs %v", logs)
	}
	want := []struct{ category, has string }{
		{"unpark.request", "trace=" + remote.TraceID().String() + " span=" + server.SpanID().String() + " parent=" + remote.SpanID().String() + " ctx_deadline_ns="},
		{"unpark.call", "trace=" + remote.TraceID().String() + " span=" + client.SpanID().String() + " ctx_deadline_ns="},
		{"unpark.call_end", "span=" + client.SpanID().String() + " error=refused"},
		{"unpark.end", "status=502"},
	}
	for i, w := range want {
		if logs[i][0] != logs[0][0] || logs[i][0] == "0" || logs[i][1] != w.category || !strings.Contains(logs[i][2], w.has) {
			t.Errorf("log %d is %v, want %v", i, logs[i], w)
		}
	}
	if !strings.Contains(logs[0][2], "route=GET+%2Forders%2F%7Bid%7D") || !strings.Contains(logs[1][2], "peer=inventory%3A8080") ||
		strings.Contains(logs[1][2], "detached") {
		t.Errorf("logs %v", logs)
	}
	if processor.open.Load() != 0 {
		t.Errorf("%d spans remembered", processor.open.Load())
	}
}

func TestACallOutsideOfAnyRequestIsDetached(t *testing.T) {
	tracer := sdk.NewTracerProvider(sdk.WithSpanProcessor(NewProcessor())).Tracer("t")
	logs := traced(t, func() {
		_, c := tracer.Start(context.Background(), "GET", oteltrace.WithSpanKind(oteltrace.SpanKindClient))
		c.End()
	})
	if len(logs) != 2 || logs[0][1] != "unpark.call" || !strings.Contains(logs[0][2], "detached=1") {
		t.Errorf("logs %v", logs)
	}
}

func TestNothingIsRememberedWithoutATracer(t *testing.T) {
	processor := NewProcessor()
	tracer := sdk.NewTracerProvider(sdk.WithSpanProcessor(processor)).Tracer("t")
	_, s := tracer.Start(context.Background(), "GET", oteltrace.WithSpanKind(oteltrace.SpanKindServer))
	if processor.open.Load() != 0 {
		t.Error("remembered")
	}
	s.End()
}
