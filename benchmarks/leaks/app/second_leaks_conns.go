package app

import (
	"fmt"
	"io"
	"net/http"
	"time"
)

func bodyErrorPath(e *Env) {
	client := &http.Client{Transport: &http.Transport{}}
	e.Handle("/proxy", func(r *http.Request) string {
		resp, err := client.Get("http://" + e.Upstream + "/big")
		if err != nil {
			return err.Error()
		}
		if isBad(r) {
			return resp.Status
		}
		defer resp.Body.Close()
		n, _ := io.Copy(io.Discard, resp.Body)
		return fmt.Sprint(n)
	})
}

func ticketFeed(w http.ResponseWriter, updates <-chan string) {
	for m := range updates {
		io.WriteString(w, m)
	}
}

func feedIgnoresLeave(e *Env) {
	e.Mux.HandleFunc("/feed", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "hello\n")
		w.(http.Flusher).Flush()
		ticketFeed(w, make(chan string))
	})
}

func shortFeeds(c *Client) {
	c.Every(250*time.Millisecond, func(int) { c.GetFor("/feed", 300*time.Millisecond) })
}
