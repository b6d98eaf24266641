package main

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// outages measures what the services' clients notice of a collector in trouble: both fleets side by side, so many
// seconds of each trouble in each round. The bare fleet knows no collector; its times are what the machine was worth.
func outages(bin string, rounds, seconds, rate int) (err error) {
	c, err := newCollector()
	if err != nil {
		return err
	}
	bare, agent := &fleet{}, &fleet{}
	defer func() { err = errors.Join(err, bare.stop(), agent.stop()) }()
	gateways, err := startBoth(bin, bare, agent, c.url())
	if err != nil {
		return err
	}
	load(gateways, 2*rate, rate) // two seconds to warm up
	all := make([][2]answers, len(troubles))
	for round := 0; round < rounds; round++ {
		for i := range troubles {
			now := trouble((i + round) % len(troubles)) // none always comes after the same one
			if err := c.be(now); err != nil {
				return err
			}
			for place, came := range load(gateways, seconds*rate, rate) {
				all[now][place].took = append(all[now][place].took, came.took...)
				all[now][place].failed += came.failed
			}
		}
	}
	used, err := agent.usage()
	if err != nil {
		return err
	}
	report(all)
	fmt.Printf("the services with the agent have %.1f MiB each, with all they could not ship\n", mib(used.rssBytes)/3)
	return nil
}

func report(all [][2]answers) {
	fmt.Printf("%-12s %8s %26s %26s %14s\n", "collector", "requests", "bare p50 p99 ms", "agent p50 p99 ms", "failed")
	for now, fleets := range all {
		fmt.Printf("%-12s %8d", troubles[now], len(fleets[0].took))
		for _, came := range fleets {
			slices.Sort(came.took)
			fmt.Printf("       %8.2f %8.2f   ", percentile(came.took, 50), percentile(came.took, 99))
		}
		fmt.Printf("%7d %6d\n", fleets[0].failed, fleets[1].failed)
	}
}

func percentile(sorted []time.Duration, percent int) (ms float64) {
	return float64(sorted[min(len(sorted)-1, len(sorted)*percent/100)].Microseconds()) / 1000
}
