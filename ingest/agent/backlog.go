package unpark

import "sync"

// parcel is what one request carries: a trace header and contiguous generations of one capture.
type parcel struct {
	capture  string
	firstSeq uint64
	header   []byte
	parts    [][]byte
	bytes    int // of trace, without the header
	purpose
}

// backlog holds generations between the tracer and the shipper, at most limit bytes with those being sent.
// When it is full the oldest go, because the newest tell more about now.
type backlog struct {
	limit   int
	dropped func(generations, bytes int)

	mu       sync.Mutex
	queue    []generation
	queued   int // bytes in queue
	inFlight int // bytes taken and not yet done
	closed   bool
	wake     chan struct{} // capacity 1: something was put, or the backlog was closed
}

func newBacklog(limit int, dropped func(generations, bytes int)) *backlog {
	return &backlog{limit: limit, dropped: dropped, wake: make(chan struct{}, 1)}
}

func (b *backlog) put(g generation) {
	b.mu.Lock()
	if !b.closed {
		b.queue = append(b.queue, g)
		b.queued += len(g.data)
	} else {
		b.dropped(1, len(g.data))
	}
	for len(b.queue) > 0 && b.queued+b.inFlight > b.limit {
		b.dropOldest()
	}
	b.mu.Unlock()
	b.signal()
}

func (b *backlog) dropOldest() {
	size := len(b.queue[0].data)
	b.queue[0] = generation{}
	b.queue = b.queue[1:]
	b.queued -= size
	b.dropped(1, size)
}

// take waits for the oldest generation and what contiguously follows it, up to maxBytes. It reports false when
// stop is done, or when the backlog is closed and empty.
func (b *backlog) take(stop <-chan struct{}, maxBytes int) (parcel, bool) {
	for {
		b.mu.Lock()
		if len(b.queue) > 0 {
			p := b.collect(maxBytes)
			b.mu.Unlock()
			return p, true
		}
		closed := b.closed
		b.mu.Unlock()
		if closed {
			return parcel{}, false
		}
		select {
		case <-b.wake:
		case <-stop:
			return parcel{}, false
		}
	}
}

func (b *backlog) collect(maxBytes int) parcel {
	first := b.queue[0]
	p := parcel{capture: first.capture, firstSeq: first.seq, header: first.header, purpose: first.purpose}
	for len(b.queue) > 0 {
		g := b.queue[0]
		contiguous := g.capture == p.capture && g.purpose == p.purpose && g.seq == p.firstSeq+uint64(len(p.parts))
		if !contiguous || (len(p.parts) > 0 && p.bytes+len(g.data) > maxBytes) {
			break
		}
		p.parts = append(p.parts, g.data)
		p.bytes += len(g.data)
		b.queue[0] = generation{}
		b.queue = b.queue[1:]
		b.queued -= len(g.data)
	}
	b.inFlight = p.bytes
	return p
}

// done says that the parcel taken last is no longer held.
func (b *backlog) done() {
	b.mu.Lock()
	b.inFlight = 0
	b.mu.Unlock()
}

// close lets take end once the queue is empty. What is put later is dropped.
func (b *backlog) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.signal()
}

func (b *backlog) isClosed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.closed
}

// discard drops everything that still waits.
func (b *backlog) discard() {
	b.mu.Lock()
	for len(b.queue) > 0 {
		b.dropOldest()
	}
	b.mu.Unlock()
}

func (b *backlog) bytes() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.queued + b.inFlight
}

func (b *backlog) signal() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}
