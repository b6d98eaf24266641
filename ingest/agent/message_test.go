package unpark

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestMessageFormat(t *testing.T) {
	var page paper
	got := string(page.message().plain("trace", "ab").plain("parent", "").add("peer", "").
		time("hdr_deadline_ns", time.Unix(1763856000, 150)).time("ctx_deadline_ns", time.Time{}).
		last("route", "GET /a b?c=d"))

	want := "v=1 trace=ab hdr_deadline_ns=1763856000000000150 route=GET+%2Fa+b%3Fc%3Dd"
	if got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

func TestMessageWithoutFieldsStillSaysItsVersion(t *testing.T) {
	if got := string(new(paper).message()); got != "v=1" {
		t.Fatal(got)
	}
}

func TestEscapesAreThoseOfQueries(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	if got, want := string(appendEscaped(nil, string(all))), url.QueryEscape(string(all)); got != want || escapedLength(string(all)) != len(want) {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

func TestLongRoutesAreCutBetweenCharacters(t *testing.T) {
	for _, route := range []string{strings.Repeat("/a", 5000), strings.Repeat("ü", 2000), strings.Repeat("%", 2000), "x" + strings.Repeat("\xff", 3000)} {
		got := string(new(paper).message().add("trace", strings.Repeat("0", 32)).last("route", route))
		_, escaped, _ := strings.Cut(got, "route=")
		value, err := url.QueryUnescape(escaped)
		if err != nil || !strings.HasPrefix(route, value) {
			t.Fatalf("%.20q: not a beginning: %v", route, err)
		}
		if len(got) > maxMessageBytes || len(got) < maxMessageBytes-12 {
			t.Fatalf("%.20q: %d bytes", route, len(got))
		}
		if utf8.ValidString(route) && !utf8.ValidString(value) {
			t.Fatalf("%.20q: cut inside a character", route)
		}
	}
}
