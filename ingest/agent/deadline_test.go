package unpark

import (
	"math"
	"net/http"
	"testing"
	"time"
)

func TestHeaderBudget(t *testing.T) {
	cases := []struct {
		title  string
		header map[string]string
		want   time.Duration
		ok     bool
	}{
		{"no header", nil, 0, false},
		{"gRPC milliseconds", map[string]string{"grpc-timeout": "250m"}, 250 * time.Millisecond, true},
		{"gRPC hours", map[string]string{"grpc-timeout": "2H"}, 2 * time.Hour, true},
		{"gRPC with eight digits", map[string]string{"grpc-timeout": "99999999u"}, 99_999_999 * time.Microsecond, true},
		{"gRPC with nine digits", map[string]string{"grpc-timeout": "999999999u"}, 0, false},
		{"gRPC hours that overflow saturate", map[string]string{"grpc-timeout": "99999999H"}, math.MaxInt64, true},
		{"gRPC without unit", map[string]string{"grpc-timeout": "250"}, 0, false},
		{"gRPC negative", map[string]string{"grpc-timeout": "-1S"}, 0, false},
		{"Envoy", map[string]string{"x-envoy-expected-rq-timeout-ms": "150"}, 150 * time.Millisecond, true},
		{"Envoy's zero is none", map[string]string{"x-envoy-expected-rq-timeout-ms": "0"}, 0, false},
		{"a Go duration", map[string]string{"Request-Timeout": "1m0.5s"}, 60*time.Second + 500*time.Millisecond, true},
		{"a negative Go duration", map[string]string{"Request-Timeout": "-3s"}, 0, false},
		{"Request-Timeout needs a unit", map[string]string{"Request-Timeout": "300"}, 0, false},
		{"X-Request-Timeout without unit", map[string]string{"X-Request-Timeout": "300"}, 300 * time.Millisecond, true},
		{"X-Request-Timeout with unit", map[string]string{"X-Request-Timeout": "2s"}, 2 * time.Second, true},
		{"rubbish", map[string]string{"X-Request-Timeout": "soon"}, 0, false},
		{"a name of one's own", map[string]string{"Budget": "40"}, 40 * time.Millisecond, true},
		{"the shortest wins", map[string]string{"Request-Timeout": "3s", "grpc-timeout": "1S"}, time.Second, true},
	}
	for _, c := range cases {
		t.Run(c.title, func(t *testing.T) {
			header := http.Header{}
			for name, value := range c.header {
				header.Set(name, value)
			}
			got, ok := headerBudget(header, []string{"Budget"})
			if ok != c.ok || (ok && got != c.want) {
				t.Fatalf("got %v %v, want %v %v", got, ok, c.want, c.ok)
			}
		})
	}
}

func TestFormatBudgetNeverGivesMoreThanIsLeft(t *testing.T) {
	budgets := []time.Duration{time.Millisecond, 1234567 * time.Nanosecond, 300 * time.Millisecond, 3 * time.Minute, 5000 * time.Hour}
	for _, name := range append([]string{"Budget"}, knownDeadlineHeaders...) {
		for _, left := range budgets {
			got, ok := parseBudget(name, formatBudget(name, left))
			if !ok || got > left || got < left-left/100-time.Millisecond {
				t.Errorf("%s: %v was sent as %q and understood as %v %v", name, left, formatBudget(name, left), got, ok)
			}
		}
	}
}

func TestFormatBudgetOfAPassedDeadlineIsStillADeadline(t *testing.T) {
	for _, name := range knownDeadlineHeaders {
		got, ok := parseBudget(name, formatBudget(name, -time.Second))
		if !ok || got > time.Millisecond {
			t.Errorf("%s: got %v %v", name, got, ok)
		}
	}
}
