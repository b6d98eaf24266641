package unpark

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// Task type and log categories of docs/annotations.md.
const (
	requestTask      = "unpark.request"
	categoryRequest  = "unpark.request"
	categoryCall     = "unpark.call"
	categoryCallEnd  = "unpark.call_end"
	categoryCancel   = "unpark.cancel"
	categoryEnd      = "unpark.end"
	categoryCapture  = "unpark.capture"
	maxMessageBytes  = 1024 // also the longest string that the tracer keeps
	maxPeerBytes     = 128
	maxErrorBytes    = 160
	firstMessageText = "v=1"

	usualMessageBytes = 320 // most fit
)

// message is "v=1 key=value …" while it is built. Fields with an empty value are left out.
type message []byte

// paper is what a message is written on. As a variable of the function that logs it costs no allocation.
type paper [usualMessageBytes]byte

func (p *paper) message() message { return append(p[:0], firstMessageText...) }

func (m message) add(key, value string) message {
	if value == "" {
		return m
	}
	return appendEscaped(m.key(key), value)
}

// plain adds a value that needs no escapes.
func (m message) plain(key, value string) message {
	if value == "" {
		return m
	}
	return append(m.key(key), value...)
}

func (m message) number(key string, value int64) message {
	return strconv.AppendInt(m.key(key), value, 10)
}

// time adds nanoseconds since 1970; nothing if at is zero.
func (m message) time(key string, at time.Time) message {
	if at.IsZero() {
		return m
	}
	return m.number(key, at.UnixNano())
}

func (m message) key(key string) message {
	m = append(m, ' ')
	m = append(m, key...)
	return append(m, '=')
}

// last adds the field that takes the room that is left, cut if it must be.
func (m message) last(key, value string) message {
	return m.add(key, cutEscaped(value, maxMessageBytes-len(m)-len(" =")-len(key)))
}

// appendEscaped escapes as url.QueryEscape does.
func appendEscaped(to message, value string) message {
	const digits = "0123456789ABCDEF"
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case isPlain(c):
			to = append(to, c)
		case c == ' ':
			to = append(to, '+')
		default:
			to = append(to, '%', digits[c>>4], digits[c&15])
		}
	}
	return to
}

func isPlain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.' || c == '~'
}

func escapedLength(value string) int {
	length := len(value)
	for i := 0; i < len(value); i++ {
		if c := value[i]; !isPlain(c) && c != ' ' {
			length += len("%XX") - 1
		}
	}
	return length
}

// cutEscaped cuts value between characters so that its escaped form has at most room bytes.
func cutEscaped(value string, room int) string {
	if 3*len(value) <= room { // no escape makes it longer
		return value
	}
	end := 0
	for end < len(value) {
		_, size := utf8.DecodeRuneInString(value[end:])
		room -= escapedLength(value[end : end+size])
		if room < 0 {
			break
		}
		end += size
	}
	return value[:end]
}

// cut cuts value between characters to at most room bytes.
func cut(value string, room int) string {
	if len(value) <= max(room, 0) {
		return value
	}
	end := max(room, 0)
	for end > 0 && !utf8.RuneStart(value[end]) {
		end--
	}
	return value[:end]
}
