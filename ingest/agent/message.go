package unpark

import (
	"net/url"
	"strconv"
	"strings"
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

	usualMessageBytes = 256 // one allocation for most
)

// message builds "v=1 key=value …". Fields with an empty value are left out.
type message struct {
	text strings.Builder
}

func (m *message) add(key, value string) *message {
	if value == "" {
		return m
	}
	m.begin()
	m.text.WriteByte(' ')
	m.text.WriteString(key)
	m.text.WriteByte('=')
	m.text.WriteString(url.QueryEscape(value))
	return m
}

func (m *message) begin() {
	if m.text.Len() == 0 {
		m.text.Grow(usualMessageBytes)
		m.text.WriteString(firstMessageText)
	}
}

// time adds nanoseconds since 1970; nothing if at is zero.
func (m *message) time(key string, at time.Time) *message {
	if at.IsZero() {
		return m
	}
	m.begin()
	m.text.WriteByte(' ')
	m.text.WriteString(key)
	m.text.WriteByte('=')
	var digits [20]byte
	m.text.Write(strconv.AppendInt(digits[:0], at.UnixNano(), 10))
	return m
}

// last adds the field that takes the room that is left, cut if it must be, and returns the whole message.
func (m *message) last(key, value string) string {
	room := maxMessageBytes - max(m.text.Len(), len(firstMessageText)) - len(" =") - len(key)
	return m.add(key, cutEscaped(value, room)).String()
}

func (m *message) String() string {
	if m.text.Len() == 0 {
		return firstMessageText
	}
	return m.text.String()
}

// cutEscaped cuts value between characters so that its escaped form has at most room bytes.
func cutEscaped(value string, room int) string {
	value = cut(value, room)
	if 3*len(value) <= room { // no escape makes it longer
		return value
	}
	for len(url.QueryEscape(value)) > room {
		_, size := utf8.DecodeLastRuneInString(value)
		value = value[:len(value)-size]
	}
	return value
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
