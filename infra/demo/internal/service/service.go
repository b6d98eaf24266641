// Package service is what the three demo services have in common: flags, agent, server, and an end.
package service

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/trace"
	"syscall"
	"time"

	unpark "github.com/unpark/unpark/ingest/agent"

	"github.com/unpark/unpark/infra/demo/internal/fault"
)

// ListeningPrefix begins the line on stdout that tells the parent process where a service listens.
const ListeningPrefix = "listening on "

const shutdownWithin = 3 * time.Second

// Setup is what a service is started with.
type Setup struct {
	Faults    fault.Set
	Orders    string // base URLs of the services behind
	Inventory string
}

// Main runs a service until it is told to end: by a signal, by the end of stdin (-until-eof), or by -max-life.
func Main(name string, handler func(ctx context.Context, setup Setup) http.Handler) {
	if err := run(name, handler); err != nil {
		slog.Error("ended", "service", name, "error", err)
		os.Exit(1)
	}
}

func run(name string, handler func(ctx context.Context, setup Setup) http.Handler) error {
	listen := flag.String("listen", "127.0.0.1:0", "address to listen on")
	instance := flag.String("instance", name+"-1", "instance name")
	faults := flag.String("fault", os.Getenv("DEMO_FAULT"), "comma-separated faults to have; none: healthy")
	tracePath := flag.String("trace", "", "write the execution trace to this file")
	collector := flag.String("collector", "", "ship the execution trace to this collector")
	triggered := flag.Bool("triggered", false, "ship a trace only when something fires or the collector asks for one")
	bare := flag.Bool("bare-trace", false, "run the runtime's tracer alone, without anything of the agent: what its cost is measured against")
	orders := flag.String("orders", "", "base URL of orders")
	inventory := flag.String("inventory", "", "base URL of inventory")
	untilEOF := flag.Bool("until-eof", false, "end when stdin ends, so that no service outlives who started it")
	maxLife := flag.Duration("max-life", 0, "end by itself after this time; 0: never")
	flag.Parse()

	set, err := fault.Parse(*faults)
	if err != nil {
		return err
	}
	ctx, stop := lifetime(*untilEOF, *maxLife)
	defer stop()
	withoutAgent = *bare
	closeAgent, err := startAgent(name, *instance, *tracePath, *collector, *triggered)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	work, stopWork := context.WithCancel(context.Background())
	defer stopWork()
	server := &http.Server{
		Handler:           annotated(handler(work, Setup{set, *orders, *inventory})),
		ReadHeaderTimeout: 5 * time.Second,
	}
	fmt.Println(ListeningPrefix + listener.Addr().String())
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err = <-served:
	case <-ctx.Done():
	}
	// The agent first: what the trace shows last is the service as it ran, not its shutdown.
	return errors.Join(err, closeAgent(), shutdown(server))
}

func lifetime(untilEOF bool, maxLife time.Duration) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	if untilEOF {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			stop()
		}()
	}
	if maxLife > 0 {
		time.AfterFunc(maxLife, stop)
	}
	return ctx, stop
}

// withoutAgent is set once, before anything is served.
var withoutAgent bool

func annotated(handler http.Handler) http.Handler {
	if withoutAgent {
		return handler
	}
	return unpark.Middleware(handler, unpark.WithDeadlineFromHeader())
}

func startAgent(name, instance, tracePath, collector string, triggered bool) (closeAgent func() error, err error) {
	if withoutAgent {
		return func() error { trace.Stop(); return nil }, trace.Start(io.Discard)
	}
	if tracePath == "" && collector == "" {
		return func() error { return nil }, nil
	}
	config := unpark.Config{
		Service: name, Instance: instance, Version: "demo", Collector: collector,
		Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)).With("service", name),
	}
	if triggered {
		config.Mode = unpark.Triggered
	}
	var file *os.File
	if tracePath != "" {
		if file, err = os.Create(tracePath); err != nil {
			return nil, err
		}
		config.Output = file
	}
	agent, err := unpark.Start(context.Background(), config)
	if err != nil {
		return nil, err
	}
	return func() error {
		limited, cancel := context.WithTimeout(context.Background(), shutdownWithin)
		defer cancel()
		err := agent.Close(limited)
		if file != nil {
			err = errors.Join(err, file.Close())
		}
		return err
	}, nil
}

func shutdown(server *http.Server) error {
	limited, cancel := context.WithTimeout(context.Background(), shutdownWithin)
	defer cancel()
	if err := server.Shutdown(limited); err != nil {
		return server.Close() // a faulty service has handlers that do not end in time
	}
	return nil
}

// Client returns a client whose calls are annotated. With sendDeadline they tell the callee how much time is left.
func Client(sendDeadline bool) *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 32, IdleConnTimeout: 30 * time.Second}
	if withoutAgent {
		return &http.Client{Transport: transport}
	}
	if sendDeadline {
		return &http.Client{Transport: unpark.RoundTripper(transport, unpark.WithDeadlineHeader("Request-Timeout"))}
	}
	return &http.Client{Transport: unpark.RoundTripper(transport)}
}

// Fail answers for an error of a call: 504 when the time is over, else 502.
func Fail(w http.ResponseWriter, err error) {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		http.Error(w, "out of time", http.StatusGatewayTimeout)
		return
	}
	http.Error(w, err.Error(), http.StatusBadGateway)
}

// Sleep waits unless the context ends before.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
