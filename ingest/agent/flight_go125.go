//go:build go1.25

package unpark

import (
	"io"
	"runtime/trace"
	"time"
)

const hasFlightRecorder = true

// flightRecorder is the runtime's. Not for several goroutines.
type flightRecorder struct{ recorder *trace.FlightRecorder }

func newFlightRecorder(before time.Duration, maxBytes int) flightRecorder {
	return flightRecorder{trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: before, MaxBytes: uint64(maxBytes)})}
}

// start fails while somebody else has it: there is one in a process.
func (f flightRecorder) start() error { return f.recorder.Start() }

func (f flightRecorder) stop() { f.recorder.Stop() }

func (f flightRecorder) snapshot(w io.Writer) error {
	_, err := f.recorder.WriteTo(w)
	return err
}
