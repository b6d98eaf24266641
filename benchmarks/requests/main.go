// Command requests records small Go services of each shape that Unpark knows requests by, and writes down what was true:
// every request's goroutine, handler and times as the program itself measured them.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"runtime/trace"
	"sort"
	"time"

	"example.org/requests/work"
)

// service is a server under test: call makes one request of the kind and waits for the answer.
type service struct {
	call func(ctx context.Context, kind string) error
	stop func()
}

var variants = map[string]func() (*service, error){
	"h1":          serveH1,
	"h2":          serveH2,
	"h2c":         serveH2C,
	"xnet_h2":     serveXNetH2,
	"xnet_h2c":    serveXNetH2C,
	"grpc":        func() (*service, error) { return serveGRPC(0) },
	"grpc_pool":   func() (*service, error) { return serveGRPC(4) },
	"otel":        serveOTel,
	"otel_client": serveOTelClientOnly,
	"datadog":     serveDatadog,
	"annotated":   serveAnnotated,
}

type label struct {
	Variant     string     `json:"variant"`
	Go          string     `json:"go"`
	WindowStart int64      `json:"window_start_ns"`
	WindowEnd   int64      `json:"window_end_ns"`
	Requests    []work.Row `json:"requests"`
}

func main() {
	variant := flag.String("variant", "", "what to record")
	out := flag.String("out", ".", "folder for VARIANT.trace and VARIANT.json")
	list := flag.Bool("list", false, "print the variants")
	flag.Parse()
	if *list {
		names := make([]string, 0, len(variants))
		for name := range variants {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			fmt.Println(name)
		}
		return
	}
	if err := record(*variant, *out); err != nil {
		log.Fatal(err)
	}
}

func record(variant, out string) error {
	start, ok := variants[variant]
	if !ok {
		return fmt.Errorf("no variant %q", variant)
	}
	runtime.GOMAXPROCS(2)
	s, err := start()
	if err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(out, variant+".trace"))
	if err != nil {
		return err
	}
	done := load(s)
	time.Sleep(150 * time.Millisecond) // some requests are under way when the trace begins
	l := label{Variant: variant, Go: runtime.Version()}
	if err := trace.Start(file); err != nil {
		return err
	}
	l.WindowStart = time.Now().UnixNano()
	time.Sleep(1300 * time.Millisecond) // a generation lasts a second: some requests lie across the boundary
	l.WindowEnd = time.Now().UnixNano()
	trace.Stop()
	if err := file.Close(); err != nil {
		return err
	}
	done()
	s.stop()
	l.Requests = work.Rows()
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, variant+".json"), append(text, '\n'), 0o644)
}

// load sends requests of all kinds from a few clients until the returned function is called, which waits for the last ones.
func load(s *service) func() {
	stopped := make(chan struct{})
	ended := make(chan struct{})
	clients := [][]string{{"plain", "spawn", "pool"}, {"spawn", "pool", "plain"}, {"long"}, {"long"}}
	for i, kinds := range clients {
		go func() {
			defer func() { ended <- struct{}{} }()
			time.Sleep(time.Duration(i) * 37 * time.Millisecond)
			for n := 0; ; n++ {
				select {
				case <-stopped:
					return
				case <-time.After(70 * time.Millisecond):
				}
				if err := s.call(context.Background(), kinds[n%len(kinds)]); err != nil {
					log.Printf("%s: %v", kinds[n%len(kinds)], err)
				}
			}
		}()
	}
	return func() {
		close(stopped)
		for range clients {
			<-ended
		}
	}
}
