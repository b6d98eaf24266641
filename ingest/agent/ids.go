package unpark

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"net/http"
	"strings"
)

const traceparentHeader = "Traceparent"

// traceContext is what a W3C traceparent carries (https://www.w3.org/TR/trace-context/): ids in lower-case hex, 32 and
// 16 digits, and flags, 2 digits.
type traceContext struct {
	trace, span, flags string
}

func (c traceContext) String() string {
	return "00-" + c.trace + "-" + c.span + "-" + c.flags
}

// parseTraceparent accepts version 00 and, as the specification asks, later versions that begin like it.
func parseTraceparent(value string) (traceContext, bool) {
	const length = 55 // of version 00
	if len(value) < length || value[2] != '-' || value[35] != '-' || value[52] != '-' {
		return traceContext{}, false
	}
	version := value[:2]
	if !lowerHex(version) || version == "ff" || (len(value) > length && (version == "00" || value[length] != '-')) {
		return traceContext{}, false
	}
	c := traceContext{trace: value[3:35], span: value[36:52], flags: value[53:55]}
	valid := lowerHex(c.trace) && lowerHex(c.span) && lowerHex(c.flags) &&
		strings.Trim(c.trace, "0") != "" && strings.Trim(c.span, "0") != ""
	return c, valid
}

func traceparentOf(header http.Header) (traceContext, bool) {
	values := header[traceparentHeader]
	if len(values) != 1 { // absent, or ambiguous
		return traceContext{}, false
	}
	return parseTraceparent(strings.TrimSpace(values[0]))
}

func lowerHex(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// newChild gives a call its span. The ids are parts of the text, which is the traceparent to send.
func newChild(trace, flags string) (traceContext, string) {
	var raw [8]byte
	binary.LittleEndian.PutUint64(raw[:], rand.Uint64()|1)
	var page [55]byte
	text := append(append(append(page[:0], "00-"...), trace...), '-')
	text = append(append(hex.AppendEncode(text, raw[:]), '-'), flags...)
	sent := string(text)
	return traceContext{trace: sent[3:35], span: sent[36:52], flags: sent[53:]}, sent
}

func newTraceID() string { return randomHex(16) }

func newSpanID() string { return randomHex(8) }

// randomHex gives bytes random bytes (a multiple of 8, at most 16) as hex, never all zero. The ids are not secrets: the
// fast generator is enough.
func randomHex(bytes int) string {
	var raw [16]byte
	var text [32]byte
	for i := 0; i < bytes; i += 8 {
		binary.LittleEndian.PutUint64(raw[i:], rand.Uint64()|1)
	}
	return string(text[:hex.Encode(text[:], raw[:bytes])])
}
