// Command agent measures what the Go agent adds over the runtime's own tracing: the demo's three services at a fixed
// load, in pairs that alternate between the tracer alone and the agent. See README.md.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	bin := flag.String("bin", "", "folder with the demo's services, gateway, orders and inventory")
	runs := flag.Int("runs", 4, "runs, each with fresh processes")
	slices := flag.Int("slices", 10, "measurements in a run")
	requests := flag.Int("requests", 400, "requests of a slice, to each of the two fleets")
	rate := flag.Int("rate", 200, "requests per second, to each of the two fleets")
	outage := flag.Int("outage", 0, "measure latencies instead, with a collector in trouble: seconds of each kind in a run")
	flag.Parse()
	if *outage > 0 {
		if err := outages(*bin, *runs, *outage, *rate); err != nil {
			fmt.Fprintln(os.Stderr, "agent:", err)
			os.Exit(1)
		}
		return
	}
	if err := measure(*bin, *runs, *slices, *requests, *rate); err != nil {
		fmt.Fprintln(os.Stderr, "agent:", err)
		os.Exit(1)
	}
}
