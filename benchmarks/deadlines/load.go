package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	loadFor = 4 * time.Second
	settle  = 700 * time.Millisecond
)

// visit is what a client does for request n: which budget it names, and when it leaves. Zero for neither.
type visit struct{ budget, leave time.Duration }

// load asks for a page every so often; a client that has a budget leaves when it is spent.
func load(sc scenario, addr string) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	every := sc.every
	if every == 0 {
		every = 25 * time.Millisecond
	}
	var wait sync.WaitGroup
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	end := time.After(loadFor)
	for n := 0; ; n++ {
		select {
		case <-end:
			wait.Wait()
			time.Sleep(settle)
			return
		case <-ticker.C:
			visit := visit{budget: 150 * time.Millisecond}
			if sc.visit != nil {
				visit = sc.visit(n)
			}
			wait.Go(func() { ask(client, fmt.Sprintf("http://%s/%s?n=%d", addr, sc.name, n), visit) })
		}
	}
}

func ask(client *http.Client, url string, v visit) {
	ctx, leave := v.budget, v.leave
	if leave == 0 {
		leave = ctx
	}
	base := context.Background()
	if leave > 0 {
		limited, cancel := context.WithTimeout(base, leave)
		defer cancel()
		base = limited
	}
	r, _ := http.NewRequestWithContext(base, "GET", url, nil)
	if v.budget > 0 {
		r.Header.Set(timeoutHeader, v.budget.String())
	}
	response, err := client.Do(r)
	if err != nil {
		return
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
}
