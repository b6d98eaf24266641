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
	"sync"
	"sync/atomic"
	"time"
)

const (
	maxRetryAfter    = 5 * time.Minute
	unauthorizedWait = 10 * time.Second
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
	url     string // without the query
	query   string
	header  http.Header
	timeout time.Duration
	dropped func() uint64 // generations so far
	body    bytes.Buffer
	gzip    *gzip.Writer // nil: not compressed
}

func newCollectorSink(c Config, dropped func() uint64) *collectorSink {
	return &collectorSink{client: newClient(c), url: c.ingestURL(), query: c.ingestQuery(), header: c.Header.Clone(),
		timeout: c.PostTimeout, dropped: dropped, gzip: c.Compression.writer()}
}

func (c Compression) writer() *gzip.Writer {
	level := gzip.BestSpeed
	switch c {
	case CompressNone:
		return nil
	case CompressLight:
		level = gzip.HuffmanOnly
	}
	zip, err := gzip.NewWriterLevel(nil, level)
	if err != nil {
		panic(err) // only an unknown level fails
	}
	return zip
}

func newClient(c Config) *http.Client {
	if c.Client != nil {
		return c.Client
	}
	return &http.Client{Transport: c.transport}
}

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSHandshakeTimeout: 10 * time.Second,
		MaxIdleConns:        2,
		IdleConnTimeout:     90 * time.Second,
		ForceAttemptHTTP2:   true,
	}
}

func setHeader(request *http.Request, header http.Header) {
	for name, values := range header {
		request.Header[name] = values
	}
}

func (s *collectorSink) send(ctx context.Context, p parcel) error {
	l, err := s.pack(p)
	if err != nil {
		return err
	}
	return s.post(ctx, l)
}

func (s *collectorSink) post(ctx context.Context, l letter) error {
	var sent letterReaders
	defer func() {
		if sent.open.Load() > 0 {
			s.body = bytes.Buffer{} // somebody still reads the old one
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"?"+l.Query, nil)
	if err != nil {
		return err
	}
	request.ContentLength = int64(len(l.body))
	request.GetBody = func() (io.ReadCloser, error) { return sent.read(l.body), nil }
	request.Body = sent.read(l.body)
	setHeader(request, s.header)
	if s.gzip != nil {
		request.Header.Set("Content-Type", "application/gzip")
	} else {
		request.Header.Set("Content-Type", "application/octet-stream")
	}
	request.Header.Set("Unpark-Capture", l.Capture)
	request.Header.Set("Unpark-Sequence", strconv.FormatUint(l.Sequence, 10))
	if l.Reason != "" {
		request.Header.Set("Unpark-Reason", l.Reason)
	}
	if l.Command != "" {
		request.Header.Set("Unpark-Command", l.Command)
	}
	if dropped := s.dropped(); dropped > 0 {
		request.Header.Set("Unpark-Dropped", strconv.FormatUint(dropped, 10))
	}
	response, err := s.client.Do(request)
	if err != nil {
		return &retryError{cause: err}
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, maxResponseBytes))
	return judge(response, text)
}

// letterReaders counts who reads a letter. A transport may go on reading when the answer is there already, over HTTP/2 and
// from a collector that answers early; only Close says that it is done.
type letterReaders struct{ open atomic.Int32 }

func (r *letterReaders) read(body []byte) io.ReadCloser {
	r.open.Add(1)
	return &letterReader{body: bytes.NewReader(body), readers: r}
}

// letterReader may be closed while it is read from: HTTP/2 does that.
type letterReader struct {
	mu      sync.Mutex
	body    *bytes.Reader // nil when closed
	readers *letterReaders
}

func (r *letterReader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.body == nil {
		return 0, errClosed
	}
	return r.body.Read(p)
}

func (r *letterReader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.body != nil {
		r.body = nil
		r.readers.open.Add(-1)
	}
	return nil
}

var errClosed = errors.New("unpark: the body is closed")

// pack reuses one buffer: the letter is good until the next one is packed.
func (s *collectorSink) pack(p parcel) (letter, error) {
	s.body.Reset()
	var to io.Writer = &s.body
	if s.gzip != nil {
		s.gzip.Reset(&s.body)
		to = s.gzip
	}
	for _, part := range append([][]byte{p.header}, p.parts...) {
		if _, err := to.Write(part); err != nil {
			return letter{}, err
		}
	}
	l := letter{Query: s.query, Capture: p.capture, Sequence: p.firstSeq, Reason: p.reason, Command: p.command,
		generations: len(p.parts), bytes: p.bytes}
	var err error
	if s.gzip != nil {
		err = s.gzip.Close()
	}
	l.body = s.body.Bytes()
	return l, err
}

func judge(response *http.Response, text []byte) error {
	code := response.StatusCode
	if code >= 200 && code < 300 {
		return nil
	}
	err := fmt.Errorf("collector answered %s: %s", response.Status, strings.TrimSpace(string(text)))
	if code == http.StatusUnauthorized || code == http.StatusForbidden {
		// A token is being replaced, or not there yet: the trace waits for it, as long as there is room.
		after := unauthorizedWait
		if response.Header.Get("Retry-After") != "" {
			after = retryAfter(response.Header.Get("Retry-After"), time.Now())
		}
		return &retryError{cause: err, after: after}
	}
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
