package unpark

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// early answers before it has read the body, as a collector that refuses does.
type early struct{ bodies []io.ReadCloser }

func (e *early) RoundTrip(r *http.Request) (*http.Response, error) {
	e.bodies = append(e.bodies, r.Body)
	return &http.Response{StatusCode: http.StatusTooManyRequests, Status: "429", Header: http.Header{}, Body: http.NoBody}, nil
}

func TestALetterStaysAsItIsUntilItsReaderIsDone(t *testing.T) {
	// Given: a transport that goes on reading after the answer
	transport := &early{}
	config := testConfig("http://collector")
	config.Compression, config.Client = CompressNone, &http.Client{Transport: transport}
	sink := newCollectorSink(config, func() uint64 { return 0 })
	send := func(text string) {
		var retry *retryError
		err := sink.send(context.Background(), parcel{parts: [][]byte{[]byte(strings.Repeat(text, 1000))}})
		if !errors.As(err, &retry) {
			t.Fatal(err)
		}
	}

	// When another letter is packed meanwhile
	send("first ")
	send("other ")

	// Then the first one's reader finds what it had
	got, err := io.ReadAll(transport.bodies[0])
	if err != nil || string(got) != strings.Repeat("first ", 1000) {
		t.Errorf("%.60q, %v", got, err)
	}
}

func TestALetterThatIsClosedIsReadNoMore(t *testing.T) {
	var readers letterReaders
	body := readers.read([]byte("some trace"))
	if _, err := io.ReadFull(body, make([]byte, 4)); err != nil {
		t.Fatal(err)
	}

	_, _ = body.Close(), body.Close()

	if n, err := body.Read(make([]byte, 4)); n != 0 || err == nil || readers.open.Load() != 0 {
		t.Errorf("%d bytes, %v, %d readers", n, err, readers.open.Load())
	}
}
