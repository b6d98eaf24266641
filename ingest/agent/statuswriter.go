package unpark

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// statusWriter remembers the status that a handler sends.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	// 1xx answers come before the real one, except 101, which is final.
	if w.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	w.implicit()
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what the server's writer can do.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *statusWriter) implicit() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
}

// final is the status once the handler is done. One that panics before it answered sends none; it counts as 500.
func (w *statusWriter) final(returned bool) int {
	switch {
	case w.status != 0:
		return w.status
	case returned:
		return http.StatusOK
	default:
		return http.StatusInternalServerError
	}
}

// expose keeps the optional interfaces of the two writers that net/http's own server has: handlers ask for them by
// type assertion, and sending a file without io.ReaderFrom is slow.
func (w *statusWriter) expose() http.ResponseWriter {
	flusher, flushes := w.ResponseWriter.(http.Flusher)
	hijacker, hijacks := w.ResponseWriter.(http.Hijacker)
	reader, reads := w.ResponseWriter.(io.ReaderFrom)
	pusher, pushes := w.ResponseWriter.(http.Pusher)
	switch {
	case flushes && hijacks && reads:
		return &http1Writer{flushWriter{w, flusher}, hijacker, reader}
	case flushes && pushes:
		return &http2Writer{flushWriter{w, flusher}, pusher}
	case flushes:
		return &flushWriter{w, flusher}
	default:
		return w
	}
}

type flushWriter struct {
	*statusWriter
	flusher http.Flusher
}

func (w *flushWriter) Flush() {
	w.implicit()
	w.flusher.Flush()
}

type http1Writer struct {
	flushWriter
	hijacker http.Hijacker
	reader   io.ReaderFrom
}

func (w *http1Writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if w.status == 0 {
		w.status = http.StatusSwitchingProtocols
	}
	return w.hijacker.Hijack()
}

func (w *http1Writer) ReadFrom(from io.Reader) (int64, error) {
	w.implicit()
	return w.reader.ReadFrom(from)
}

type http2Writer struct {
	flushWriter
	http.Pusher
}
