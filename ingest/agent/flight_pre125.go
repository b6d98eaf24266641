//go:build !go1.25

package unpark

import (
	"errors"
	"io"
	"time"
)

const hasFlightRecorder = false

var errNoFlightRecorder = errors.New("unpark: Go has a flight recorder from 1.25 on")

// flightRecorder does not exist before Go 1.25.
type flightRecorder struct{}

func newFlightRecorder(time.Duration, int) flightRecorder { return flightRecorder{} }

func (flightRecorder) start() error { return errNoFlightRecorder }

func (flightRecorder) stop() {}

func (flightRecorder) snapshot(io.Writer) error { return errNoFlightRecorder }
