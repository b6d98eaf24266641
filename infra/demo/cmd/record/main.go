// Command record records the demo's services: an execution trace of each for every scenario, and the race detector's
// log. record.sh runs it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

const everythingWithin = 10 * time.Minute

func main() {
	module := flag.String("module", ".", "folder of the demo's module")
	out := flag.String("out", "recordings", "folder to write; what is in it is replaced")
	seconds := flag.Float64("seconds", 5, "seconds of load for each scenario")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, everythingWithin)
	defer cancel()
	recorder := recorder{module: *module, out: *out, load: time.Duration(*seconds * float64(time.Second))}
	if err := recorder.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}
