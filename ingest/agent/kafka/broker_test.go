package unparkkafka

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	unpark "github.com/unpark/unpark/ingest/agent"
)

// TestAgainstARealBroker ships two generations at least; the Java build runs it against its broker and registry and reads
// what is there.
func TestAgainstARealBroker(t *testing.T) {
	brokers, registry := os.Getenv("UNPARK_TEST_KAFKA"), os.Getenv("UNPARK_TEST_REGISTRY")
	if brokers == "" {
		t.Skip("UNPARK_TEST_KAFKA is not set: the Java build's GoProducerTest does it")
	}
	producer, err := New(Config{Registry: registry, AutoRegister: true}, kgo.SeedBrokers(brokers))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(producer.Close)

	agent, err := unpark.Start(context.Background(), unpark.Config{
		Service: "orders", Instance: "go/1", Namespace: "shop", Version: "v1", Ship: producer.Ship,
	})
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(30 * time.Second); agent.Stats().GenerationsShipped < 2; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("nothing shipped: %+v", agent.Stats())
		}
	}
	limited, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := agent.Close(limited); err != nil {
		t.Fatal(err)
	}
	if stats := agent.Stats(); stats.GenerationsDropped+stats.GenerationsRejected > 0 {
		t.Errorf("%+v", stats)
	}
}
