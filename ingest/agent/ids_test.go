package unpark

import "testing"

func TestParseTraceparent(t *testing.T) {
	const good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	cases := []struct {
		title, value string
		ok           bool
	}{
		{"version 00", good, true},
		{"a later version with more behind", "01" + good[2:] + "-what", true},
		{"version 00 must end there", good + "-what", false},
		{"version ff is forbidden", "ff" + good[2:], false},
		{"upper case", "00-4BF92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false},
		{"trace id of zeros", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", false},
		{"span id of zeros", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false},
		{"cut", good[:54], false},
		{"wrong separators", "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01", false},
		{"empty", "", false},
	}
	for _, c := range cases {
		t.Run(c.title, func(t *testing.T) {
			if got, ok := parseTraceparent(c.value); ok != c.ok {
				t.Fatalf("got %+v %v", got, ok)
			}
		})
	}
	if got, _ := parseTraceparent(good); got.String() != good {
		t.Fatalf("round trip gave %s", got)
	}
}

func TestFreshIDsAreWellFormed(t *testing.T) {
	for range 100 {
		fresh := traceContext{trace: newTraceID(), span: newSpanID(), flags: "01"}
		if got, ok := parseTraceparent(fresh.String()); !ok || got != fresh {
			t.Fatalf("%s is not understood", fresh)
		}
	}
}
