package races

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const maxQueued = 4 << 20 // bytes of reports held while the collector is away

// Queue sends reports that exist nowhere else, from a program's stderr. It never makes the program wait: when it is
// full the oldest go and are counted.
type Queue struct {
	post func(ctx context.Context, text []byte) error
	log  *slog.Logger

	mu      sync.Mutex
	list    [][]byte
	bytes   int
	dropped int
	closed  bool
	wake    chan struct{}
	done    chan struct{}
	cancel  context.CancelFunc
}

// NewQueue begins to send.
func NewQueue(post func(ctx context.Context, text []byte) error, log *slog.Logger) *Queue {
	ctx, cancel := context.WithCancel(context.Background())
	q := &Queue{post: post, log: log, wake: make(chan struct{}, 1), done: make(chan struct{}), cancel: cancel}
	go q.run(ctx)
	return q
}

// Put takes a report.
func (q *Queue) Put(text []byte) {
	q.mu.Lock()
	q.list = append(q.list, text)
	q.bytes += len(text)
	for q.bytes > maxQueued && len(q.list) > 1 {
		q.bytes -= len(q.list[0])
		q.list = q.list[1:]
		q.dropped++
	}
	q.mu.Unlock()
	q.signal()
}

// Close waits until all is sent, at most for the time given, and says how many reports were lost since the start.
func (q *Queue) Close(within time.Duration) (lost int) {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.signal()
	select {
	case <-q.done:
	case <-time.After(within):
		q.cancel()
		<-q.done
	}
	q.cancel()
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.dropped + len(q.list)
}

func (q *Queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *Queue) run(ctx context.Context) {
	defer close(q.done)
	for {
		q.mu.Lock()
		var text []byte
		if len(q.list) > 0 {
			text = q.list[0]
			q.list, q.bytes = q.list[1:], q.bytes-len(text)
		}
		closed := q.closed
		q.mu.Unlock()
		switch {
		case text != nil:
			if err := q.post(ctx, text); err != nil {
				q.log.Warn("unpark-races: a report is lost", "error", err)
				q.mu.Lock()
				q.dropped++
				q.mu.Unlock()
			}
			if ctx.Err() != nil {
				return
			}
		case closed:
			return
		default:
			select {
			case <-q.wake:
			case <-ctx.Done():
				return
			}
		}
	}
}
