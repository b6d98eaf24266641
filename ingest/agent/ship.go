package unpark

import (
	"context"
	"time"
)

// Shipment is contiguous generations of one capture, each with all its batches, for a [Config.Ship].
type Shipment struct {
	Namespace, Service, Instance, Version string

	Capture string
	// Sequence is the place of the first generation within the capture; the others follow.
	Sequence uint64
	// Reason why it was captured, a word; empty if for no special one.
	Reason string
	// Header of the trace, 16 bytes. Header and generations together are what go tool trace opens.
	Header      []byte
	Generations [][]byte
}

// Retry marks an error of a [Config.Ship] as one that may pass; the same shipment comes again, not before after.
func Retry(err error, after time.Duration) error {
	if err == nil {
		return nil
	}
	return &retryError{cause: err, after: after}
}

// funcSink hands parcels to a function of the user's.
type funcSink struct {
	config Config
}

func (s *funcSink) send(ctx context.Context, p parcel) error {
	ctx, cancel := context.WithTimeout(ctx, s.config.PostTimeout)
	defer cancel()
	return s.config.Ship(ctx, Shipment{
		Namespace: s.config.Namespace, Service: s.config.Service, Instance: s.config.Instance, Version: s.config.Version,
		Capture: p.capture, Sequence: p.firstSeq, Reason: p.reason, Header: p.header, Generations: p.parts,
	})
}
