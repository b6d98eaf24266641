// Crowd records the execution trace of a server with 100,000 goroutines alive and 1,000 requests open at once, for some
// seconds in which hardly anything happens.
//
//	go run . -out crowd.trace
package main

import (
	"flag"
	"log"
	"net"
	"net/http"
	"os"
	"runtime/trace"
	"sync"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("crowd: ")
	goroutines := flag.Int("goroutines", 100_000, "how many are parked")
	requests := flag.Int("requests", 1_000, "how many are open")
	lasts := flag.Duration("for", 8*time.Second, "how long to record")
	out := flag.String("out", "crowd.trace", "the file to write")
	flag.Parse()
	if err := record(*goroutines, *requests, *lasts, *out); err != nil {
		log.Fatal(err)
	}
}

// record starts the trace first, so that half of the goroutines and all requests are seen to begin.
func record(goroutines, requests int, lasts time.Duration, out string) error {
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	never := make(chan struct{})
	park(goroutines/2, never)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go http.Serve(listener, handler(never))
	if err := trace.Start(file); err != nil {
		return err
	}
	park(goroutines-goroutines/2, never)
	open(requests, "http://"+listener.Addr().String()+"/wait")
	time.Sleep(lasts)
	trace.Stop()
	return file.Close()
}

func park(n int, never <-chan struct{}) {
	for range n {
		go func() { <-never }()
	}
}

func handler(never <-chan struct{}) http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /wait", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-never:
		case <-r.Context().Done():
		}
	})
	return routes
}

// open returns when all requests are on their way; they stay open.
func open(n int, url string) {
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 0}}
	var sent sync.WaitGroup
	for range n {
		sent.Add(1)
		go func() {
			sent.Done()
			if response, err := client.Get(url); err == nil {
				response.Body.Close()
			}
		}()
	}
	sent.Wait()
}
