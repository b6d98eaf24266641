package unpark

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	commandWait    = 25 * time.Second // the collector may hold its answer for this long
	commandNotSoon = 5 * time.Minute  // asked again after a collector said that it knows no such thing
	maxCommand     = 4 << 10
)

// command is what a collector may ask of an agent.
type command struct {
	ID      string  `json:"id"`
	Action  string  `json:"action"` // "capture"
	Reason  string  `json:"reason"`
	Seconds float64 `json:"seconds"` // 0: what the flight recorder holds
}

// answer is what the agent says of the last command it was given, with every question until one is answered.
type answer struct {
	command string
	refusal string // a word; empty when the command is being carried out
}

var errNoCommands = errors.New("unpark: the collector takes no requests for captures")

// heed asks the collector whether somebody wants a trace of this process, again and again until ctx is done or the
// agent closes. It never waits while another command runs: single flight is the gate's matter.
func (a *Agent) heed(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-a.closing:
			cancel()
		case <-ctx.Done():
		}
	}()
	client := newClient(a.config)
	var last answer
	for attempt := 0; ctx.Err() == nil; {
		c, err := a.askOnce(ctx, client, last)
		if err == nil {
			last = answer{}
		}
		var wait time.Duration
		switch {
		case errors.Is(err, errNoCommands):
			wait = commandNotSoon + rand.N(commandNotSoon/10)
		case err != nil:
			wait = backoff(attempt, a.config.BackoffMin, a.config.BackoffMax)
			attempt++
		case c == nil:
			wait, attempt = rand.N(time.Second), 0
		default:
			attempt = 0
			last = a.obey(*c)
			wait = a.config.BackoffMin // a collector that repeats itself is not to keep us busy
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
}

// askOnce returns nil when nobody wants anything.
func (a *Agent) askOnce(ctx context.Context, client *http.Client, last answer) (*command, error) {
	ctx, cancel := context.WithTimeout(ctx, commandWait+10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.config.commandURL(last), nil)
	if err != nil {
		return nil, err
	}
	setHeader(request, a.config.Header)
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusNoContent:
		return nil, nil
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented, http.StatusUnauthorized, http.StatusForbidden:
		return nil, errNoCommands
	case http.StatusOK:
		var c command
		if err := json.NewDecoder(io.LimitReader(response.Body, maxCommand)).Decode(&c); err != nil {
			return nil, err
		}
		return &c, nil
	default:
		return nil, fmt.Errorf("collector answered %s", response.Status)
	}
}

func (a *Agent) obey(c command) answer {
	c.ID = cut(c.ID, maxReasonBytes)
	if c.Action != "capture" {
		a.config.Logger.Warn("unpark: the collector asks for what this agent does not know", "action", cleanReason(c.Action))
		return answer{c.ID, "unknown_action"}
	}
	reason := c.Reason
	if reason == "" {
		reason = "requested"
	}
	seconds := min(max(c.Seconds, 0), MaxRequestedCapture.Seconds())
	lasting := time.Duration(seconds * float64(time.Second))
	why := purpose{reason: cleanReason(reason), command: headerWord(c.ID)}
	switch err := a.request(captureRequest{purpose: why, detail: c.ID, lasting: lasting}, true); {
	case err == nil:
		return answer{command: c.ID}
	case errors.Is(err, ErrCaptureRunning):
		return answer{c.ID, "capture_running"}
	default:
		return answer{c.ID, "closing"}
	}
}

// headerWord is word if it may stand in a header, else nothing.
func headerWord(word string) string {
	if word == "" || cleanReason(word) != word {
		return ""
	}
	return word
}

func (c Config) commandURL(last answer) string {
	query := url.Values{"service": {c.Service}, "instance": {c.Instance}, "wait": {strconv.Itoa(int(commandWait.Seconds()))}}
	if c.Namespace != "" {
		query.Set("namespace", c.Namespace)
	}
	if last.command != "" {
		query.Set("took", last.command)
		if last.refusal != "" {
			query.Set("refused", last.refusal)
		}
	}
	return strings.TrimRight(c.Collector, "/") + "/ingest/v1/commands?" + query.Encode()
}
