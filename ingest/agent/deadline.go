package unpark

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// The headers that carry the time a caller is willing to wait. There is no standard; these are the ones in use.
const (
	headerGRPCTimeout     = "Grpc-Timeout"                   // gRPC: at most 8 digits and one of H M S m u n
	headerEnvoyExpected   = "X-Envoy-Expected-Rq-Timeout-Ms" // Envoy: milliseconds
	headerRequestTimeout  = "Request-Timeout"                // a Go duration
	headerXRequestTimeout = "X-Request-Timeout"              // a bare number is milliseconds, else a Go duration
)

var knownDeadlineHeaders = []string{headerGRPCTimeout, headerEnvoyExpected, headerRequestTimeout, headerXRequestTimeout}

// headerBudget returns the smallest budget that the headers ask for. What cannot be understood is ignored, as is a
// repeated header.
func headerBudget(header http.Header, more []string) (time.Duration, bool) {
	budget, found := time.Duration(math.MaxInt64), false
	look := func(name string) {
		values := header[name]
		if len(values) != 1 {
			return
		}
		if d, ok := parseBudget(name, values[0]); ok {
			budget, found = min(budget, d), true
		}
	}
	for _, name := range knownDeadlineHeaders {
		look(name)
	}
	for _, name := range more {
		look(name)
	}
	return budget, found
}

// parseBudget reads the value of the header called name (in canonical form).
func parseBudget(name, value string) (time.Duration, bool) {
	switch name {
	case headerGRPCTimeout:
		return parseGRPCTimeout(value)
	case headerEnvoyExpected:
		d, ok := parseMillis(value)
		return d, ok && d > 0 // Envoy's 0 is "no timeout"
	case headerRequestTimeout:
		return parseGoDuration(value)
	default:
		if d, ok := parseMillis(value); ok {
			return d, true
		}
		return parseGoDuration(value)
	}
}

func parseGRPCTimeout(value string) (time.Duration, bool) {
	if len(value) < 2 || len(value) > 9 {
		return 0, false
	}
	amount, ok := parseDigits(value[:len(value)-1])
	if !ok {
		return 0, false
	}
	units := map[byte]time.Duration{
		'H': time.Hour, 'M': time.Minute, 'S': time.Second,
		'm': time.Millisecond, 'u': time.Microsecond, 'n': time.Nanosecond,
	}
	unit, ok := units[value[len(value)-1]]
	if !ok {
		return 0, false
	}
	return scale(amount, unit), true
}

func parseMillis(value string) (time.Duration, bool) {
	amount, ok := parseDigits(value)
	return scale(amount, time.Millisecond), ok
}

func parseGoDuration(value string) (time.Duration, bool) {
	d, err := time.ParseDuration(value)
	return d, err == nil && d >= 0
}

func parseDigits(value string) (int64, bool) {
	amount, err := strconv.ParseUint(value, 10, 63)
	return int64(amount), err == nil
}

// scale saturates: a budget of many thousand hours is no deadline that matters, but must not wrap around.
func scale(amount int64, unit time.Duration) time.Duration {
	if amount > math.MaxInt64/int64(unit) {
		return math.MaxInt64
	}
	return time.Duration(amount) * unit
}

// formatBudget writes what is left in the form that the header called name (in canonical form) takes. It rounds down,
// so that a callee never believes it has more time than its caller, but not to zero, which Envoy takes for "none".
func formatBudget(name string, left time.Duration) string {
	switch name {
	case headerGRPCTimeout:
		return formatGRPCTimeout(left)
	case headerEnvoyExpected, headerXRequestTimeout:
		return strconv.FormatInt(max(left.Milliseconds(), 1), 10)
	default:
		return max(left.Truncate(time.Microsecond), time.Microsecond).String()
	}
}

func formatGRPCTimeout(left time.Duration) string {
	const largest = 99_999_999
	units := []struct {
		length time.Duration
		letter string
	}{{time.Microsecond, "u"}, {time.Millisecond, "m"}, {time.Second, "S"}, {time.Minute, "M"}, {time.Hour, "H"}}
	for _, unit := range units {
		if amount := int64(left / unit.length); amount <= largest {
			return strconv.FormatInt(max(amount, 1), 10) + unit.letter
		}
	}
	return strconv.Itoa(largest) + "H"
}
