package unpark

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Facts of the trace wire format, Go 1.22 to 1.26 (internal/trace/batch.go and tracev2/events.go in the Go tree):
// a 16-byte header, then batches: a type byte, for experimental batches the experiment's byte, then generation,
// thread, timestamp and size as varints, then size bytes. From Go 1.26 on a lone byte closes each generation;
// before, the first batch with another generation number does.
const (
	traceHeaderBytes    = 16
	evEventBatch        = 1
	evExperimentalBatch = 49
	evEndOfGeneration   = 52
	maxBatchBytes       = 64 << 10
)

// generation is a self-contained stretch of a trace, about one second.
type generation struct {
	capture string // id of the run of the tracer it belongs to
	seq     uint64 // 0, 1, 2… within the capture, lost ones counted, so that a gap shows
	header  []byte // the trace's header, shared by all generations of a capture
	data    []byte // the generation's batches, with the closing byte if the version has one
	purpose
}

// purpose says why a generation was captured. The zero purpose: for no special reason.
type purpose struct {
	reason  string // a word
	command string // the collector's id of the capture it asked for; empty when it did not
}

// splitter is the io.Writer given to the tracer. It cuts the stream into whole generations and hands them to emit;
// those beyond maxBytes are not kept, only reported to lost. Write never fails and never waits: the tracer's
// goroutine must not be held up. It is used by one goroutine at a time.
type splitter struct {
	capture  string
	numbered bool // seq is the runtime's own number of the generation, not its place
	maxBytes int
	emit     func(generation)
	lost     func(generations, bytes int)

	header     []byte
	buf        []byte // bytes of the current generation, and of a batch that is not complete yet
	next       int    // where in buf the next batch starts; beyond its end while a batch is incomplete
	gen        uint64 // number of the current generation, if inGen
	inGen      bool
	closesGens bool // this version closes its generations in the stream
	seq        uint64
	overflowed int   // bytes of the current generation that were let go, if it is too large
	err        error // framing lost: the rest of the capture is useless
}

func (s *splitter) Write(p []byte) (int, error) {
	n := len(p)
	if missing := traceHeaderBytes - len(s.header); missing > 0 {
		take := min(missing, len(p))
		s.header = append(s.header, p[:take]...)
		p = p[take:]
	}
	if s.err != nil {
		s.lost(0, len(p))
		return n, nil
	}
	s.buf = append(s.buf, p...)
	if s.err = s.advance(); s.err != nil {
		s.lost(1, s.overflowed+len(s.buf))
		s.buf = nil
	}
	return n, nil
}

// finish hands over what is left: before Go 1.26 nothing else closes the last generation. A generation that was cut
// short, because somebody took the tracer away, is lost.
func (s *splitter) finish() {
	if s.err != nil || !s.inGen {
		return
	}
	if s.closesGens || s.next > len(s.buf) {
		s.lost(1, s.overflowed+len(s.buf))
		s.buf, s.inGen = nil, false
		return
	}
	s.cut(s.next)
}

func (s *splitter) advance() error {
	for s.next < len(s.buf) {
		if s.buf[s.next] == evEndOfGeneration {
			s.closesGens = true
			s.next++
			s.cut(s.next)
			continue
		}
		gen, length, err := batchFrame(s.buf[s.next:])
		if errors.Is(err, errIncomplete) {
			break
		}
		if err != nil {
			return err
		}
		if s.inGen && gen != s.gen {
			s.cut(s.next)
		}
		s.gen, s.inGen = gen, true
		s.next += length
	}
	s.shedOverflow()
	return nil
}

// cut ends the current generation at buf[:end]; what follows starts the next one.
func (s *splitter) cut(end int) {
	data, rest := s.buf[:end:end], s.buf[end:]
	if s.overflowed > 0 {
		s.lost(1, s.overflowed+len(data))
	} else {
		s.emit(generation{capture: s.capture, seq: s.place(), header: s.header, data: data})
	}
	s.seq++
	s.overflowed = 0
	// data was handed over, so the rest moves; the next generation is likely to be about as large.
	s.buf = append(make([]byte, 0, len(rest)+len(data)), rest...)
	s.next -= end
	s.inGen = false
}

func (s *splitter) place() uint64 {
	if s.numbered {
		return s.gen
	}
	return s.seq
}

// shedOverflow keeps following the framing of a generation that is too large without keeping its bytes.
func (s *splitter) shedOverflow() {
	if s.overflowed == 0 && len(s.buf) <= s.maxBytes {
		return
	}
	done := min(s.next, len(s.buf))
	s.overflowed += done
	s.buf = append(s.buf[:0], s.buf[done:]...)
	s.next -= done
}

var errIncomplete = errors.New("incomplete")

// batchFrame reads the frame of the batch at the start of b: its generation and its whole length in bytes.
// It returns errIncomplete when b ends inside the frame; the body may still be missing.
func batchFrame(b []byte) (gen uint64, length int, err error) {
	at := 1
	switch b[0] {
	case evEventBatch:
	case evExperimentalBatch:
		at = 2
	default:
		return 0, 0, fmt.Errorf("unpark: event type %d where a batch was expected", b[0])
	}
	var fields [4]uint64 // generation, thread, timestamp, size
	for i := range fields {
		if at >= len(b) {
			return 0, 0, errIncomplete
		}
		value, n := binary.Uvarint(b[at:])
		if n == 0 {
			return 0, 0, errIncomplete
		}
		if n < 0 {
			return 0, 0, errors.New("unpark: number too long in the frame of a batch")
		}
		fields[i] = value
		at += n
	}
	if fields[3] > maxBatchBytes {
		return 0, 0, fmt.Errorf("unpark: batch of %d bytes, the format allows %d", fields[3], maxBatchBytes)
	}
	return fields[0], at + int(fields[3]), nil
}
