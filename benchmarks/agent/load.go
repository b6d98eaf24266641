package main

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// answers is what came of the requests to one fleet. Times are from when a request was due, whatever was late.
type answers struct {
	took   []time.Duration
	failed int64
}

// load sends so many requests to each of two fleets, in turn, at a fixed rate, whatever the answers take.
func load(bases [2]string, requests, rate int) (all [2]answers) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 5 * time.Second}
	defer client.CloseIdleConnections()
	var running sync.WaitGroup
	var lock sync.Mutex
	begin := time.Now()
	for n := 0; n < 2*requests; n++ {
		due := begin.Add(time.Duration(n) * time.Second / time.Duration(2*rate))
		time.Sleep(time.Until(due))
		pair, place := n/2, n%2
		if pair%2 == 1 { // neither is always the first
			place = 1 - place
		}
		running.Add(1)
		go func() {
			defer running.Done()
			good := send(client, bases[place], pair)
			took := time.Since(due)
			lock.Lock()
			defer lock.Unlock()
			all[place].took = append(all[place].took, took)
			if !good {
				all[place].failed++
			}
		}()
	}
	running.Wait()
	return all
}

func send(client *http.Client, base string, n int) bool {
	paths := []string{"/orders/%d", "/products/sku-%d"}
	request, err := http.NewRequest(http.MethodGet, base+fmt.Sprintf(paths[n%len(paths)], n), nil)
	if err != nil {
		return false
	}
	request.Header.Set("Request-Timeout", "2s")
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, response.Body)
	response.Body.Close()
	return response.StatusCode < 500
}
