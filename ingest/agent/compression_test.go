package unpark

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"
)

func TestWhateverTheCompressionTheTraceIsTheSame(t *testing.T) {
	p := parcel{header: []byte("go 1.26 trace\x00\x00\x00"), parts: [][]byte{bytes.Repeat([]byte("abcd"), 500), {1, 2, 3}}}
	whole := append(append(bytes.Clone(p.header), p.parts[0]...), p.parts[1]...)
	for _, compression := range []Compression{CompressGzip, CompressLight, CompressNone} {
		sink := newCollectorSink(Config{Collector: "http://x", Compression: compression}, func() uint64 { return 0 })
		for range 2 { // the buffer is used again
			l, err := sink.pack(p)
			if err != nil {
				t.Fatal(err)
			}
			got := l.body
			if compression != CompressNone {
				zip, err := gzip.NewReader(bytes.NewReader(l.body))
				if err != nil {
					t.Fatal(err)
				}
				if got, err = io.ReadAll(zip); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(got, whole) {
				t.Errorf("compression %d changes the trace", compression)
			}
		}
	}
	if _, err := (Config{Service: "s", Collector: "http://x", Compression: 9}).withDefaults(); err == nil {
		t.Error("an unknown compression is taken")
	}
}
