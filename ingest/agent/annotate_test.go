package unpark

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

func server(t *testing.T, handler http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s
}

// ask sends a request and waits until the server's handler is done, so that its logs are in the trace.
func ask(t *testing.T, s *httptest.Server, method, path string, header ...string) int {
	t.Helper()
	r, err := http.NewRequest(method, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := s.Client().Do(r)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

func nanos(t *testing.T, line logLine, key string) time.Time {
	t.Helper()
	n, err := strconv.ParseInt(line.fields[key], 10, 64)
	if err != nil {
		t.Fatalf("%s of %q: %v", key, line.raw, err)
	}
	return time.Unix(0, n)
}

func near(t *testing.T, what string, got, want time.Time) {
	t.Helper()
	if d := got.Sub(want).Abs(); d > 200*time.Millisecond {
		t.Errorf("%s is %v away from what it should be", what, d)
	}
}

func TestARequestIsAnnotated(t *testing.T) {
	// Given
	mux := http.NewServeMux()
	var deadline time.Time
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		deadline, _ = r.Context().Deadline()
		w.WriteHeader(http.StatusTeapot)
	})
	s := server(t, Middleware(mux, WithDeadlineFromHeader()))

	// When
	begin := time.Now()
	lines, text := traced(t, func() {
		ask(t, s, "GET", "/orders/42", "Traceparent", caller, "Request-Timeout", "3s")
		s.Close()
	})

	// Then
	request, end := only(t, lines, "unpark.request"), only(t, lines, "unpark.end")
	if !strings.HasPrefix(request.raw, "v=1 ") || request.fields["trace"] != caller[3:35] || request.fields["parent"] != caller[36:52] {
		t.Errorf("request: %s", request.raw)
	}
	if span := request.fields["span"]; !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(span) || span == caller[36:52] {
		t.Errorf("span %q", span)
	}
	if request.fields["route"] != "GET /orders/{id}" {
		t.Errorf("route %q", request.fields["route"])
	}
	near(t, "hdr_deadline_ns", nanos(t, request, "hdr_deadline_ns"), begin.Add(3*time.Second))
	if got := nanos(t, request, "ctx_deadline_ns"); !got.Equal(deadline) {
		t.Errorf("ctx_deadline_ns %v, the handler saw %v", got, deadline)
	}
	if end.fields["status"] != "418" || end.task != request.task || request.task == "0" {
		t.Errorf("end: %s on task %s, request on %s", end.raw, end.task, request.task)
	}
	if len(ofCategory(lines, "unpark.cancel")) != 0 {
		t.Errorf("an ordinary end is not a cancellation: %v", lines)
	}
	if !strings.Contains(text, `Type="unpark.request"`) {
		t.Error("no task of type unpark.request")
	}
}

func TestWithoutHeadersTheRequestIsARootWithoutDeadline(t *testing.T) {
	s := server(t, Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), WithDeadlineFromHeader()))

	lines, _ := traced(t, func() { ask(t, s, "GET", "/v1/users/7c9e6679-7425/mails"); s.Close() })

	request := only(t, lines, "unpark.request")
	for _, key := range []string{"parent", "hdr_deadline_ns", "ctx_deadline_ns"} {
		if value, ok := request.fields[key]; ok {
			t.Errorf("%s=%s", key, value)
		}
	}
	if len(request.fields["trace"]) != 32 || request.fields["route"] != "GET /v1/users/*/mails" {
		t.Errorf("request: %s", request.raw)
	}
	if only(t, lines, "unpark.end").fields["status"] != "200" {
		t.Error("a handler that writes nothing answers 200")
	}
}

func TestTheHeaderIsOnlyNotedUnlessAskedToSetTheDeadline(t *testing.T) {
	s := server(t, Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if _, ok := r.Context().Deadline(); ok {
			t.Error("the context has a deadline")
		}
	})))

	lines, _ := traced(t, func() { ask(t, s, "GET", "/", "grpc-timeout", "2S"); s.Close() })

	request := only(t, lines, "unpark.request")
	if request.fields["hdr_deadline_ns"] == "" || request.fields["ctx_deadline_ns"] != "" {
		t.Errorf("request: %s", request.raw)
	}
}

func TestCancellationIsAnnotatedWithItsCause(t *testing.T) {
	for cause, header := range map[string]string{"deadline": "30ms", "canceled": "10s"} {
		t.Run(cause, func(t *testing.T) {
			s := server(t, Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				<-r.Context().Done()
				time.Sleep(20 * time.Millisecond) // the cancellation is logged by another goroutine
			}), WithDeadlineFromHeader()))
			client := *s.Client()
			client.Timeout = 10 * time.Second
			if cause == "canceled" {
				client.Timeout = 50 * time.Millisecond
			}

			lines, _ := traced(t, func() {
				r, _ := http.NewRequest("GET", s.URL, nil)
				r.Header.Set("Request-Timeout", header)
				if response, err := client.Do(r); err == nil {
					_ = response.Body.Close()
				}
				s.Close() // waits for the handler
			})

			canceled := only(t, lines, "unpark.cancel")
			if canceled.fields["cause"] != cause || canceled.task != only(t, lines, "unpark.request").task {
				t.Errorf("cancel: %s on task %s", canceled.raw, canceled.task)
			}
		})
	}
}

func TestAPanicIsA500AndGoesOn(t *testing.T) {
	handler := Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("boom") }))

	var recovered any
	lines, _ := traced(t, func() {
		defer func() { recovered = recover() }()
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	})

	if recovered != "boom" || only(t, lines, "unpark.end").fields["status"] != "500" {
		t.Errorf("recovered %v, %v", recovered, lines)
	}
}

func TestNestedMiddlewareAnnotatesOnce(t *testing.T) {
	handler := Middleware(Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
	lines, _ := traced(t, func() { handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)) })
	only(t, lines, "unpark.request")
}

func TestTwoServicesJoin(t *testing.T) {
	// Given: a gateway that calls orders within its request
	var seenByOrders http.Header
	orders := server(t, Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seenByOrders = r.Header }), WithDeadlineFromHeader()))
	client := &http.Client{Transport: RoundTripper(nil, WithDeadlineHeader("X-Request-Timeout"))}
	defer client.CloseIdleConnections()
	gateway := server(t, Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		call, _ := http.NewRequestWithContext(r.Context(), "POST", orders.URL+"/orders", nil)
		response, err := client.Do(call)
		if err != nil {
			t.Error(err)
			return
		}
		_ = response.Body.Close()
		if len(call.Header) != 0 {
			t.Errorf("the caller's request was changed: %v", call.Header)
		}
	}), WithDeadlineFromHeader()))

	// When
	lines, _ := traced(t, func() {
		ask(t, gateway, "GET", "/checkout", "Request-Timeout", "2s")
		gateway.Close()
		orders.Close()
	})

	// Then
	requests, call, end := ofCategory(lines, "unpark.request"), only(t, lines, "unpark.call"), only(t, lines, "unpark.call_end")
	if len(requests) != 2 {
		t.Fatalf("requests: %v", requests)
	}
	root, child := requests[0], requests[1]
	if root.fields["parent"] != "" {
		root, child = child, root
	}
	if child.fields["trace"] != root.fields["trace"] || child.fields["parent"] != call.fields["span"] || end.fields["span"] != call.fields["span"] {
		t.Errorf("not joined:\n%s\n%s\n%s", root.raw, call.raw, child.raw)
	}
	if call.task != root.task || call.fields["detached"] != "" || call.fields["route"] != "POST /orders" ||
		"http://"+call.fields["peer"] != orders.URL {
		t.Errorf("call: %s", call.raw)
	}
	if _, failed := end.fields["error"]; failed {
		t.Errorf("end: %s", end.raw)
	}
	asked, given := nanos(t, root, "ctx_deadline_ns"), nanos(t, call, "hdr_deadline_ns")
	near(t, "the deadline sent", given, asked)
	near(t, "the callee's deadline", nanos(t, child, "ctx_deadline_ns"), asked)
	if given.After(asked) {
		t.Errorf("a later deadline was sent than held: %v", given.Sub(asked))
	}
	if !nanos(t, call, "ctx_deadline_ns").Equal(asked) || seenByOrders.Get("X-Request-Timeout") == "" {
		t.Errorf("call: %s, header %v", call.raw, seenByOrders)
	}
}

func TestACallOnAnotherContextIsDetached(t *testing.T) {
	var sent traceContext
	callee := server(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { sent, _ = traceparentOf(r.Header) }))
	client := &http.Client{Transport: RoundTripper(nil)}

	lines, _ := traced(t, func() {
		request, _ := http.NewRequestWithContext(context.Background(), "GET", callee.URL, nil)
		response, err := client.Do(request)
		if err != nil {
			t.Error(err)
			return
		}
		_ = response.Body.Close()
	})

	call := only(t, lines, "unpark.call")
	if call.fields["detached"] != "1" || call.fields["trace"] != sent.trace || call.fields["span"] != sent.span || sent.trace == "" {
		t.Errorf("call: %s, sent %v", call.raw, sent)
	}
}

// transport answers without a network.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestWhichTraceparentIsSent(t *testing.T) {
	inRequest := withRequest(context.Background(), served{
		ids: traceContext{trace: caller[3:35], span: "1111111111111111", flags: "00"}, parent: caller[36:52],
	})
	const other = "00-0123456789abcdef0123456789abcdef-2222222222222222-01"
	cases := []struct {
		title, set string
		want       string // pattern
	}{
		{"a new span of the request's trace", "", `^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-00$`},
		{"one that another tool has set stays", other, "^" + other + "$"},
		{"the incoming one, copied by a proxy, is replaced", caller, `^00-4bf92f3577b34da6a3ce929d0e0e4736-[^0][0-9a-f]{15}-00$|^00-4bf92f3577b34da6a3ce929d0e0e4736-0[^0].*-00$`},
	}
	for _, c := range cases {
		t.Run(c.title, func(t *testing.T) {
			var got string
			tripper := RoundTripper(transport(func(r *http.Request) (*http.Response, error) {
				got = r.Header.Get("Traceparent")
				return nil, errors.New("no network")
			}))
			r, _ := http.NewRequestWithContext(inRequest, "GET", "http://h/", nil)
			if c.set != "" {
				r.Header.Set("Traceparent", c.set)
			}
			_, _ = tripper.RoundTrip(r)
			if !regexp.MustCompile(c.want).MatchString(got) || got == caller {
				t.Errorf("sent %s", got)
			}
		})
	}
}

func TestAFailedCallSaysWhyAndValuesCanBeRedacted(t *testing.T) {
	tripper := RoundTripper(transport(func(*http.Request) (*http.Response, error) {
		return nil, errors.New("dial secret-host: refused")
	}), WithRedact(func(key, value string) string {
		if key == "peer" {
			return ""
		}
		return strings.ReplaceAll(value, "secret", "***")
	}))

	lines, _ := traced(t, func() {
		r, _ := http.NewRequest("GET", "https://secret-host/secret/path", nil)
		_, _ = tripper.RoundTrip(r)
	})

	call := only(t, lines, "unpark.call")
	if _, ok := call.fields["peer"]; ok || call.fields["route"] != "GET /***/path" {
		t.Errorf("call: %s", call.raw)
	}
	if only(t, lines, "unpark.call_end").fields["error"] != "dial ***-host: refused" {
		t.Errorf("end: %v", lines)
	}
}

func TestTheHandlersWriterKeepsItsAbilities(t *testing.T) {
	s := server(t, Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if _, ok := w.(io.ReaderFrom); !ok {
			t.Error("no io.ReaderFrom")
		}
		if _, ok := w.(http.Flusher); !ok {
			t.Error("no http.Flusher")
		}
		if _, ok := w.(http.Hijacker); !ok {
			t.Error("no http.Hijacker")
		}
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusEarlyHints)
		_, _ = io.Copy(w, strings.NewReader("x"))
	})))

	lines, _ := traced(t, func() { ask(t, s, "GET", "/"); s.Close() })

	if got := only(t, lines, "unpark.end").fields["status"]; got != "200" {
		t.Errorf("status %s", got)
	}
}

func TestWithoutATracerNothingIsLostButTheLogs(t *testing.T) {
	var inner http.ResponseWriter
	var hasDeadline bool
	handler := Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner = w
		_, hasDeadline = r.Context().Deadline()
	}), WithDeadlineFromHeader())
	recorder := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Request-Timeout", "1s")

	handler.ServeHTTP(recorder, r)

	if inner != http.ResponseWriter(recorder) || !hasDeadline {
		t.Errorf("writer wrapped: %v, deadline: %v", inner != http.ResponseWriter(recorder), hasDeadline)
	}
}
