// Package load drives the gateway with steady streams of requests.
package load

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/unpark/unpark/infra/demo/internal/fault"
)

const giveUpAfter = 5 * time.Second // the client waits longer than it asks the service to work

// Stream is requests of one kind, one every Every as long as fewer than InFlight wait for their answer.
type Stream struct {
	Method, Path string // Path may hold one %d for a running number
	Timeout      string // what the Request-Timeout header asks for
	Every        time.Duration
	InFlight     int
}

// Result counts answers by status; 0 is no answer.
type Result map[int]int

// Streams are the ordinary traffic and, for the faults that are on, the traffic that shows them.
func Streams(faults fault.Set) []Stream {
	streams := []Stream{
		{"GET", "/products/sku-%d", "300ms", 60 * time.Millisecond, 4},
		{"POST", "/checkout/sku-%d", "1s", 90 * time.Millisecond, 4},
		{"GET", "/orders/%d", "500ms", 70 * time.Millisecond, 4},
		{"DELETE", "/orders/%d", "500ms", 110 * time.Millisecond, 4},
		{"GET", "/quotes/sku-%d", "300ms", 100 * time.Millisecond, 4},
		{"GET", "/report", "1s", 400 * time.Millisecond, 1},
	}
	recommendations := Stream{"GET", "/recommendations/sku-%d", "300ms", 150 * time.Millisecond, 4}
	if faults[fault.WorkAfter] {
		recommendations.Timeout = "150ms"
		recommendations.Every = 250 * time.Millisecond
	}
	if faults[fault.Leak] {
		streams = append(streams, Stream{"GET", "/quotes/slow-%d", "120ms", 130 * time.Millisecond, 8})
	}
	if faults[fault.Mutex] {
		streams = append(streams, Stream{"POST", "/checkout/sku-%d", "3s", 12 * time.Millisecond, 9})
	}
	if faults[fault.Alloc] {
		streams = append(streams, Stream{"GET", "/report", "3s", 10 * time.Millisecond, 1})
	}
	return append(streams, recommendations)
}

// RaceStreams touch inventory's map from two handlers, slowly: the race detector needs no collision, and a collision
// would end the process.
func RaceStreams() []Stream {
	return []Stream{
		{"GET", "/products/sku-1", "1s", 41 * time.Millisecond, 1},
		{"GET", "/quotes/sku-1", "1s", 53 * time.Millisecond, 1},
	}
}

// Run drives base until ctx ends, then waits for the last answers.
func Run(ctx context.Context, base string, streams []Stream) Result {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: giveUpAfter}
	defer client.CloseIdleConnections()
	var (
		mu      sync.Mutex
		running sync.WaitGroup
		result  = Result{}
	)
	count := func(status int) {
		mu.Lock()
		result[status]++
		mu.Unlock()
	}
	for _, stream := range streams {
		running.Add(1)
		go func() {
			defer running.Done()
			stream.run(ctx, client, base, count)
		}()
	}
	running.Wait()
	return result
}

func (s Stream) run(ctx context.Context, client *http.Client, base string, count func(status int)) {
	ticks := time.NewTicker(s.Every)
	defer ticks.Stop()
	free := make(chan struct{}, s.InFlight)
	var running sync.WaitGroup
	defer running.Wait()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		select {
		case <-ctx.Done():
			return
		case free <- struct{}{}:
		}
		running.Add(1)
		go func() {
			defer running.Done()
			count(s.ask(client, base, n))
			<-free
		}()
	}
}

func (s Stream) ask(client *http.Client, base string, n int) (status int) {
	path := s.Path
	if strings.Contains(path, "%d") {
		path = fmt.Sprintf(path, n)
	}
	request, err := http.NewRequest(s.Method, base+path, nil)
	if err != nil {
		return 0
	}
	request.Header.Set("Request-Timeout", s.Timeout)
	response, err := client.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}
