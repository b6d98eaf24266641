// Command live builds and runs the demo's services with faults and load, shipping their traces to a collector, until
// the time is over or it is interrupted. Its services end with it, whatever ends it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/unpark/unpark/infra/demo/internal/fault"
	"github.com/unpark/unpark/infra/demo/internal/fleet"
	"github.com/unpark/unpark/infra/demo/internal/load"
)

func main() {
	collector := flag.String("collector", "http://localhost:8080", "base URL of the collector")
	seconds := flag.Int("seconds", 60, "seconds of load")
	faults := flag.String("fault", strings.Join(fault.Traced, ","), "comma-separated faults; \"\": healthy")
	module := flag.String("module", ".", "folder of the demo's module")
	untilEOF := flag.Bool("until-eof", false, "end when stdin ends, so that nothing outlives who started it")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if *untilEOF {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			stop()
		}()
	}
	if err := run(ctx, *collector, *module, *faults, time.Duration(*seconds)*time.Second); err != nil {
		fmt.Fprintln(os.Stderr, "live:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, collector, module, faults string, duration time.Duration) error {
	set, err := fault.Parse(faults)
	if err != nil {
		return err
	}
	binDir, err := os.MkdirTemp("", "unpark-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(binDir)
	for _, name := range fleet.Services {
		fmt.Println("building", name)
		if _, err := fleet.Build(ctx, module, binDir, name, false); err != nil {
			return err
		}
	}
	// The services get a context of their own: they end in order, with their last generation shipped.
	services, err := fleet.Start(context.Background(), fleet.Options{
		BinDir: binDir, Faults: faults, Collector: collector, MaxLife: duration + time.Minute, Log: os.Stderr,
	})
	if err != nil {
		return errors.Join(err, services.Stop())
	}
	fmt.Printf("gateway at %s, load for %s, traces to %s\n", services.Gateway, duration, collector)
	limited, cancel := context.WithTimeout(ctx, duration)
	defer cancel()
	answers := load.Run(limited, services.Gateway, load.Streams(set))
	fmt.Println("answers by status:", answers)
	return services.Stop()
}
