package races

import (
	"bytes"
	"compress/gzip"
	"context"
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
	postTimeout   = 30 * time.Second
	longestWait   = 30 * time.Second
	shortestWait  = 500 * time.Millisecond
	maxRetryAfter = 5 * time.Minute
)

// ErrRefused is a report that the collector will never take.
var ErrRefused = errors.New("the collector refuses the report")

// Source says whose reports they are.
type Source struct{ Namespace, Service, Instance, Version string }

// Poster sends reports to POST /ingest/v1/race. A report sent twice counts once.
type Poster struct {
	Collector string      // base URL
	Header    http.Header // added to each request
	Client    *http.Client
}

// Post tries until the collector has taken the text, has refused it for good (an error that is [ErrRefused]), or ctx is
// done.
func (p *Poster) Post(ctx context.Context, source Source, text []byte) error {
	body, err := packed(text)
	if err != nil {
		return err
	}
	for attempt := 0; ; attempt++ {
		wait, err := p.once(ctx, source, body)
		if err == nil || errors.Is(err, ErrRefused) {
			return err
		}
		pause := min(shortestWait<<min(attempt, 10), longestWait)
		pause = max(pause/2+rand.N(pause/2), wait)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return err
		}
	}
}

func (p *Poster) once(ctx context.Context, source Source, body []byte) (wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, postTimeout)
	defer cancel()
	query := url.Values{"service": {source.Service}}
	for name, value := range map[string]string{"instance": source.Instance, "namespace": source.Namespace, "version": source.Version} {
		if value != "" {
			query.Set(name, value)
		}
	}
	to := strings.TrimRight(p.Collector, "/") + "/ingest/v1/race?" + query.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	for name, values := range p.Header {
		request.Header[name] = values
	}
	response, err := p.Client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	code := response.StatusCode
	switch {
	case code >= 200 && code < 300:
		return 0, nil
	case code >= 500 || code == http.StatusUnauthorized || code == http.StatusForbidden || code == http.StatusTooManyRequests || code == http.StatusRequestTimeout:
		seconds, _ := strconv.ParseUint(response.Header.Get("Retry-After"), 10, 16)
		return min(time.Duration(seconds)*time.Second, maxRetryAfter), fmt.Errorf("collector answered %s", response.Status)
	default:
		return 0, fmt.Errorf("%w: %s %s", ErrRefused, response.Status, bytes.TrimSpace(said))
	}
}

func packed(text []byte) ([]byte, error) {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	if _, err := zip.Write(text); err != nil {
		return nil, err
	}
	err := zip.Close()
	return out.Bytes(), err
}
