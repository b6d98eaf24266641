// cd examples/go && go run . 127.0.0.1:9092 http://127.0.0.1:8081
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/hamba/avro/v2/registry"
	"github.com/twmb/franz-go/pkg/kgo"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	ctx := context.Background()
	decoder := registry.NewDecoder(must(registry.NewClient(os.Args[2])))
	client := must(kgo.NewClient(kgo.SeedBrokers(os.Args[1]), kgo.ConsumerGroup("unpark-reader-go"),
		kgo.ConsumeTopics("go-anomalies"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted())))
	for {
		for _, record := range client.PollFetches(ctx).Records() {
			if record.Value == nil { // a tombstone: withdrawn, or past its retention
				fmt.Println("gone:", string(record.Key))
				continue
			}
			var a map[string]any
			must(0, decoder.Decode(ctx, record.Value, &a))
			place := a["place"].(map[string]any)
			fmt.Println(a["kind"], a["severity"], fmt.Sprint(place["file"], ":", place["line"]), a["summary"])
		}
	}
}
