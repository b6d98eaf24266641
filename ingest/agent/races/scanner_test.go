package races

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func report(n int) string {
	return fmt.Sprintf("==================\nWARNING: DATA RACE\nWrite at 0x%012x by goroutine 7:\n  main.f()\n      /src/main.go:%d +0x3e\n==================\n", n, n)
}

func scan(text string, pieces func() int) (reports []string, pending int64) {
	s := &Scanner{Report: func(text []byte) { reports = append(reports, string(text)) }}
	for b := []byte(text); len(b) > 0; {
		n := min(max(pieces(), 1), len(b))
		_, _ = s.Write(b[:n])
		b = b[n:]
	}
	return reports, s.Pending()
}

func TestReportsAreCutOutHoweverTheStreamArrives(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := []string{"", "request done\n", "================== not a report\nx\n", strings.Repeat("a", 200_000) + "\n", "Found 1 data race(s)\n"}
	for range 200 {
		var text strings.Builder
		var want []string
		for n := range random.IntN(5) {
			text.WriteString(noise[random.IntN(len(noise))])
			text.WriteString(report(n))
			want = append(want, report(n))
		}
		partial := report(99)[:random.IntN(100)]
		text.WriteString(partial)

		got, pending := scan(text.String(), func() int { return random.IntN(3000) })

		// A separator in the noise may stand before the report's own.
		if len(got) != len(want) {
			t.Fatalf("%d reports, want %d", len(got), len(want))
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("got %q, want %q", got[i], want[i])
			}
		}
		if pending != int64(len(partial)) {
			t.Fatalf("%d bytes pending, want %d", pending, len(partial))
		}
	}
}

func TestOtherWritersBetweenTheLinesAreKept(t *testing.T) {
	text := strings.Replace(report(1), "\nWrite", "\nlog: hello\nWrite", 1)
	got, _ := scan(text, func() int { return 7 })
	if len(got) != 1 || got[0] != text {
		t.Errorf("got %q", got)
	}
}

func TestAReportWithoutEndIsBounded(t *testing.T) {
	longest := 0
	s := &Scanner{Report: func(text []byte) { longest = max(longest, len(text)) }}
	_, _ = s.Write([]byte("==================\nWARNING: DATA RACE\n"))
	for range 100 {
		_, _ = s.Write(bytes.Repeat([]byte("x"), 100_000))
		_, _ = s.Write([]byte("\n"))
	}
	if longest == 0 || longest > maxReport+maxLine {
		t.Errorf("longest %d", longest)
	}
}

func FuzzScanner(f *testing.F) {
	f.Add([]byte(report(1)+"x"), 3)
	f.Fuzz(func(t *testing.T, text []byte, size int) {
		given := 0
		s := &Scanner{Report: func(text []byte) { given += len(text) }}
		for b := text; len(b) > 0; {
			n := min(max(size, 1), len(b))
			_, _ = s.Write(b[:n])
			b = b[n:]
		}
		if s.Pending() < 0 || s.Pending() > int64(len(text)) {
			t.Fatalf("%d of %d bytes pending", s.Pending(), len(text))
		}
		s.Flush()
		if given > len(text) {
			t.Fatalf("%d bytes given of %d", given, len(text))
		}
	})
}
