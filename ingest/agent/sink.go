package unpark

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	maxRetryAfter    = 5 * time.Minute
	maxResponseBytes = 4 << 10 // enough of a problem document for a log line
)

// sink takes parcels. An error that is a *retryError may pass; any other is final for that parcel.
type sink interface {
	send(ctx context.Context, p parcel) error
}

// retryError says that the same parcel may be accepted later, not before after has passed.
type retryError struct {
	cause error
	after time.Duration
}

func (e *retryError) Error() string { return e.cause.Error() }
func (e *retryError) Unwrap() error { return e.cause }

// collectorSink posts parcels, each a valid trace, gzip. The collector recognises the compression by its magic bytes,
// so no Content-Encoding is set: nothing on the way should unpack it.
type collectorSink struct {
	client  *http.Client
	url     string
	header  http.Header
	timeout time.Duration
	body    bytes.Buffer
	gzip    *gzip.Writer
}

func newCollectorSink(c Config) *collectorSink {
	client := c.Client
	if client == nil {
		client = &http.Client{Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			TLSHandshakeTimeout: 10 * time.Second,
			MaxIdleConns:        1,
			IdleConnTimeout:     90 * time.Second,
			ForceAttemptHTTP2:   true,
		}}
	}
	zip, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // only an unknown level fails
	}
	return &collectorSink{client: client, url: c.ingestURL(), header: c.Header.Clone(), timeout: c.PostTimeout, gzip: zip}
}

func (s *collectorSink) send(ctx context.Context, p parcel) error {
	if err := s.pack(p); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(s.body.Bytes()))
	if err != nil {
		return err
	}
	for name, values := range s.header {
		request.Header[name] = values
	}
	request.Header.Set("Content-Type", "application/gzip")
	request.Header.Set("Unpark-Capture", p.capture)
	request.Header.Set("Unpark-Sequence", strconv.FormatUint(p.firstSeq, 10))
	response, err := s.client.Do(request)
	if err != nil {
		return &retryError{cause: err}
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, maxResponseBytes))
	return judge(response, text)
}

func (s *collectorSink) pack(p parcel) error {
	s.body.Reset()
	s.gzip.Reset(&s.body)
	for _, part := range append([][]byte{p.header}, p.parts...) {
		if _, err := s.gzip.Write(part); err != nil {
			return err
		}
	}
	return s.gzip.Close()
}

func judge(response *http.Response, text []byte) error {
	code := response.StatusCode
	if code >= 200 && code < 300 {
		return nil
	}
	err := fmt.Errorf("collector answered %s: %s", response.Status, strings.TrimSpace(string(text)))
	if code >= 500 || code == http.StatusTooManyRequests || code == http.StatusRequestTimeout {
		return &retryError{cause: err, after: retryAfter(response.Header.Get("Retry-After"), time.Now())}
	}
	return err
}

// retryAfter understands both forms of the header (RFC 9110 §10.2.3) and never waits longer than maxRetryAfter.
func retryAfter(value string, now time.Time) time.Duration {
	if value == "" {
		return 0
	}
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(now), 0), maxRetryAfter)
	}
	return 0
}

// writerSink writes one capture without gaps.
type writerSink struct {
	out     io.Writer
	capture string
	nextSeq uint64
	broken  error
}

var errGap = errors.New("unpark: generations are missing, so the output ends before them")

func (s *writerSink) send(_ context.Context, p parcel) error {
	if s.broken != nil {
		return s.broken
	}
	if s.capture == "" {
		s.capture, s.nextSeq = p.capture, p.firstSeq
		if err := s.write(p.header); err != nil {
			return err
		}
	}
	if p.capture != s.capture || p.firstSeq != s.nextSeq {
		s.broken = errGap
		return errGap
	}
	for _, part := range p.parts {
		if err := s.write(part); err != nil {
			return err
		}
		s.nextSeq++
	}
	return nil
}

func (s *writerSink) write(b []byte) error {
	_, err := s.out.Write(b)
	if err != nil {
		s.broken = fmt.Errorf("unpark: write trace: %w", err)
	}
	return s.broken
}
