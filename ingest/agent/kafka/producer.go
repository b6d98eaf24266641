// Package unparkkafka sends traces straight to Kafka, for those who run no collector: the same Avro records, in the wire
// format of Confluent's registry, on the same topic and under the same keys.
//
//	producer, err := unparkkafka.New(unparkkafka.Config{Registry: "http://registry:8081"}, kgo.SeedBrokers("kafka:9092"))
//	agent, err := unpark.Start(ctx, unpark.Config{Service: "orders", Ship: producer.Ship})
//	…
//	agent.Close(shutdown)
//	producer.Close()
package unparkkafka

import (
	"context"
	"errors"
	"hash/crc32"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	unpark "github.com/unpark/unpark/ingest/agent"
)

const (
	// DefaultTopic is where the pipeline reads, unless it has a prefix.
	DefaultTopic = "go-trace-chunks"

	maxPartBytes    = 4 << 20 // larger generations travel in parts
	maxRequestBytes = 6 << 20
	deliverWithin   = 20 * time.Second
)

// Config says where records go. The brokers, TLS and SASL are options of franz-go's client.
type Config struct {
	// Topic. Default: [DefaultTopic].
	Topic string
	// Registry is the base URL of a schema registry that speaks Confluent's API.
	Registry string
	// RegistryUser and RegistryPassword for basic authentication. Optional.
	RegistryUser, RegistryPassword string
	// AutoRegister registers the schema when the registry does not know it; else that is an error that may pass.
	AutoRegister bool
}

// Producer makes records of shipments.
type Producer struct {
	client   *kgo.Client
	topic    string
	registry registry
	now      func() time.Time

	mu       sync.Mutex
	schemaID int32 // 0: not asked for yet
}

// New does not connect yet. The client is idempotent with acks of all replicas and zstd; options may change the rest.
func New(config Config, options ...kgo.Opt) (*Producer, error) {
	if config.Registry == "" {
		return nil, errors.New("unpark: Config.Registry is empty")
	}
	if config.Topic == "" {
		config.Topic = DefaultTopic
	}
	safe := []kgo.Opt{
		kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.ProducerBatchCompression(kgo.ZstdCompression()),
		kgo.ProducerBatchMaxBytes(maxRequestBytes),
		kgo.RecordDeliveryTimeout(deliverWithin),
	}
	client, err := kgo.NewClient(append(safe, options...)...)
	if err != nil {
		return nil, err
	}
	return &Producer{client: client, topic: config.Topic, registry: newRegistry(config), now: time.Now}, nil
}

// Close lets the client go. Call it after the agent's Close.
func (p *Producer) Close() { p.client.Close() }

// Ship is for unpark.Config.Ship. It returns when the brokers have acknowledged all of it; what is sent again has effect
// once.
func (p *Producer) Ship(ctx context.Context, s unpark.Shipment) error {
	chunks, err := chunksOf(s, p.now())
	if err != nil {
		return err
	}
	id, err := p.schema(ctx)
	if err != nil {
		return unpark.Retry(err, 0)
	}
	key := instanceKey(s.Namespace, s.Service, s.Instance)
	records := make([]*kgo.Record, len(chunks))
	for i, c := range chunks {
		records[i] = &kgo.Record{Topic: p.topic, Key: key, Value: c.encode(id)}
	}
	err = p.client.ProduceSync(ctx, records...).FirstErr()
	if errors.Is(err, kerr.MessageTooLarge) || errors.Is(err, kerr.InvalidTopicException) || errors.Is(err, kerr.InvalidRecord) {
		return err
	}
	return unpark.Retry(err, 0)
}

func (p *Producer) schema(ctx context.Context) (int32, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.schemaID == 0 {
		id, err := p.registry.idOf(ctx, p.topic+"-value", chunkSchema)
		if err != nil {
			return 0, err
		}
		p.schemaID = id
	}
	return p.schemaID, nil
}

// chunksOf cuts a shipment into the records it becomes.
func chunksOf(s unpark.Shipment, now time.Time) ([]chunk, error) {
	minor, err := goMinor(s.Header)
	if err != nil {
		return nil, err
	}
	var chunks []chunk
	for i, data := range s.Generations {
		number, err := generationNumber(data)
		if err != nil {
			return nil, err
		}
		parts := max(1, (len(data)+maxPartBytes-1)/maxPartBytes)
		for part := range parts {
			piece := data[part*maxPartBytes : min((part+1)*maxPartBytes, len(data))]
			chunks = append(chunks, chunk{
				namespace: s.Namespace, service: s.Service, instance: s.Instance, version: s.Version,
				goMinor: minor, capture: s.Capture, sequence: int64(s.Sequence) + int64(i), generation: number,
				part: part, parts: parts, sum: int32(crc32.Checksum(piece, castagnoli)), capturedUnixNs: now.UnixNano(), bytes: piece,
			})
		}
	}
	return chunks, nil
}

// instanceKey is the same as the collector's: parts are escaped so that each key has one spelling.
func instanceKey(parts ...string) []byte {
	escape := strings.NewReplacer("%", "%25", "/", "%2F")
	for i := range parts {
		parts[i] = escape.Replace(parts[i])
	}
	return []byte(strings.Join(parts, "/"))
}
