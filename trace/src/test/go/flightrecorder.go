// Flightrecorder keeps a runtime/trace.FlightRecorder running under a little load and prints one of its snapshots to
// stdout: generations from the middle of a process's life, whose goroutines, tasks and regions began before.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"runtime/trace"
	"sync"
	"time"
)

// How long the load runs before the snapshot that counts: more than a generation, which is about a second.
const load = 1500 * time.Millisecond

func main() {
	recorder := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: 500 * time.Millisecond})
	if err := recorder.Start(); err != nil {
		log.Fatal(err)
	}
	ctx, task := trace.NewTask(context.Background(), "begun before the snapshot")
	stop := make(chan struct{})
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() { work(ctx, stop) })
	}
	time.Sleep(load)
	if _, err := recorder.WriteTo(io.Discard); err != nil {
		log.Fatal(err)
	}
	time.Sleep(load / 5)
	if _, err := recorder.WriteTo(os.Stdout); err != nil {
		log.Fatal(err)
	}
	close(stop)
	workers.Wait()
	task.End()
	recorder.Stop()
}

// work sends to itself through a second goroutine, with a region and a log each time.
func work(ctx context.Context, stop <-chan struct{}) {
	defer trace.StartRegion(ctx, "open all the time").End()
	echo := make(chan []byte)
	go func() {
		for garbage := range echo {
			echo <- garbage
		}
	}()
	defer close(echo)
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		case <-time.After(time.Millisecond):
		}
		trace.WithRegion(ctx, "round trip", func() {
			echo <- make([]byte, 10_000)
			<-echo
		})
		trace.Logf(ctx, "round", "%d", n)
	}
}
