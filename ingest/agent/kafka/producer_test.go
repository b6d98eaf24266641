package unparkkafka

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	unpark "github.com/unpark/unpark/ingest/agent"
)

// registryOf answers with an id after it was away for some requests.
func registryOf(t *testing.T, away int32) (url string, paths *[]string) {
	t.Helper()
	paths = &[]string{}
	var requests atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) <= away {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		var body map[string]string
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body["schema"] != chunkSchema {
			t.Errorf("asked with %v, %v", body, err)
		}
		*paths = append(*paths, r.URL.Path)
		_, _ = w.Write([]byte(`{"id":258}`))
	}))
	t.Cleanup(s.Close)
	return s.URL, paths
}

// decoder reads Avro's binary form.
type decoder struct {
	t *testing.T
	b []byte
}

func (d *decoder) number() int64 {
	value, n := binary.Varint(d.b)
	if n <= 0 {
		d.t.Fatal("no number")
	}
	d.b = d.b[n:]
	return value
}

func (d *decoder) text() string {
	n := d.number()
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}

func decode(t *testing.T, value []byte) chunk {
	t.Helper()
	if value[0] != 0 || binary.BigEndian.Uint32(value[1:5]) != 258 {
		t.Fatalf("begins with %x", value[:5])
	}
	d := &decoder{t, value[5:]}
	c := chunk{namespace: d.text(), service: d.text(), instance: d.text(), version: d.text(),
		goMinor: int(d.number()), capture: d.text(), sequence: d.number(), generation: d.number(),
		part: int(d.number()), parts: int(d.number()), sum: int32(d.number()), capturedUnixNs: d.number()}
	if d.number() != clockErrorUnknown || d.b[0] != 0 {
		t.Error("clock_error_ns or last is wrong")
	}
	d.b = d.b[1:]
	c.bytes = []byte(d.text())
	if len(d.b) != 0 {
		t.Errorf("%d bytes left", len(d.b))
	}
	return c
}

func TestTheAgentShipsToKafka(t *testing.T) {
	// Given a broker, and a registry that is away at first
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(3, DefaultTopic))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	registry, paths := registryOf(t, 1)
	producer, err := New(Config{Registry: registry}, kgo.SeedBrokers(cluster.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(producer.Close)
	agent, err := unpark.Start(context.Background(), unpark.Config{
		Service: "a/b", Instance: "i%1", Namespace: "n", Version: "v", Ship: producer.Ship, BackoffMin: 10 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); agent.Stats().GenerationsShipped < 2; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("nothing shipped: %+v", agent.Stats())
		}
	}

	// When
	limited, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := agent.Close(limited); err != nil {
		t.Fatal(err)
	}

	// Then the topic holds a trace that Go reads
	stats := agent.Stats()
	chunks := consume(t, cluster.ListenAddrs(), int(stats.GenerationsShipped))
	trace := []byte("go 1.26 trace\x00\x00\x00")
	for i, c := range chunks {
		if c.service != "a/b" || c.instance != "i%1" || c.namespace != "n" || c.version != "v" || c.capture != stats.Capture {
			t.Errorf("chunk of %s/%s/%s %s", c.namespace, c.service, c.instance, c.capture)
		}
		if c.sequence != int64(i) || c.parts != 1 || c.part != 0 || c.generation <= 0 {
			t.Errorf("chunk %d is %d, part %d of %d", i, c.sequence, c.part, c.parts)
		}
		copy(trace, []byte("go 1."+[]string{"22", "23", "24", "25", "26", "27", "28"}[c.goMinor-22]))
		trace = append(trace, c.bytes...)
	}
	file := filepath.Join(t.TempDir(), "t.trace")
	if err := os.WriteFile(file, trace, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "tool", "trace", "-d=parsed", file).CombinedOutput(); err != nil {
		t.Errorf("%v: %.500s", err, out)
	}
	if want := []string{"/subjects/go-trace-chunks-value"}; !reflect.DeepEqual(*paths, want) || stats.Retries != 1 {
		t.Errorf("registry asked for %v, stats %+v", *paths, stats)
	}
}

func consume(t *testing.T, brokers []string, count int) []chunk {
	t.Helper()
	consumer, err := kgo.NewClient(kgo.SeedBrokers(brokers...), kgo.ConsumeTopics(DefaultTopic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		t.Fatal(err)
	}
	defer consumer.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var chunks []chunk
	for len(chunks) < count {
		fetches := consumer.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			if string(r.Key) != "n/a%2Fb/i%251" {
				t.Errorf("key %q", r.Key)
			}
			chunks = append(chunks, decode(t, r.Value))
		})
	}
	return chunks
}

func TestALargeGenerationTravelsInParts(t *testing.T) {
	data := append([]byte{1, 0x85, 0x01}, bytes.Repeat([]byte{7}, 2*maxPartBytes)...)
	s := unpark.Shipment{Service: "s", Instance: "i", Sequence: 9, Header: []byte("go 1.25 trace\x00\x00\x00"), Generations: [][]byte{{1, 132, 1}, data}}

	chunks, err := chunksOf(s, time.Unix(3, 0))

	if err != nil || len(chunks) != 4 {
		t.Fatalf("%d chunks, %v", len(chunks), err)
	}
	var joined []byte
	for i, c := range chunks[1:] {
		if c.part != i || c.parts != 3 || c.sequence != 10 || c.generation != 133 || c.goMinor != 25 {
			t.Errorf("chunk %+v", c.part)
		}
		joined = append(joined, c.bytes...)
	}
	if !bytes.Equal(joined, data) {
		t.Error("the parts are not the whole")
	}
}

func TestWhatIsNoTraceIsRefusedForGood(t *testing.T) {
	p := &Producer{now: time.Now}
	for _, s := range []unpark.Shipment{
		{Header: []byte("nonsense")},
		{Header: []byte("go 1.26 trace"), Generations: [][]byte{{}}},
		{Header: []byte("go 1.26 trace"), Generations: [][]byte{{7, 1}}},
		{Header: []byte("go 1.26 trace"), Generations: [][]byte{{1, 0x80}}},
	} {
		if err := p.Ship(context.Background(), s); err == nil {
			t.Errorf("took %v", s)
		}
	}
}

func TestTheSchemaIsThatOfTheProject(t *testing.T) {
	folder := "../../../schemas/src/main/avro/"
	chunkFile, err := os.ReadFile(folder + "TraceChunk.avsc")
	if err != nil {
		t.Skipf("the project's schemas are not here: %v", err)
	}
	instanceFile, err := os.ReadFile(folder + "common/Instance.avsc")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(string(chunkFile), `"io.unpark.schemas.record.Instance"`, string(instanceFile), 1)
	var wanted, have any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(chunkSchema), &have); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(wanted, have) {
		t.Error("trace-chunk.avsc differs from schemas/src/main/avro: make it anew, and look at encode")
	}
}
