package main

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// figures are differences between the two fleets, agent less bare, each of the same requests in the same seconds.
type figures struct {
	perRequest []float64 // µs of CPU a request to the gateway
	relative   []float64 // % of the bare fleet's CPU
	ofCore     []float64 // % of a core, a service
	memory     []float64 // MiB a service, at the end of a run

	agentCPU, bareCPU time.Duration // of all slices
	sent, failed      int64         // to either fleet
}

func measure(bin string, runs, slices, requests, rate int) error {
	collector, err := newCollector()
	if err != nil {
		return err
	}
	var all figures
	fmt.Printf("%-4s %-6s %16s %16s %14s\n", "run", "slice", "bare µs/request", "agent µs/request", "added")
	for run := 1; run <= runs; run++ {
		if err := all.run(run, bin, collector.url(), slices, requests, rate); err != nil {
			return err
		}
	}
	fmt.Printf("%d requests to each fleet, %d failed; the collector took %d bytes\n", all.sent, all.failed, collector.received.Load())
	fmt.Printf("CPU of all slices: bare %.3f s, agent %.3f s: %+.2f %%, %+.1f µs a request, %+.2f %% of a core a service\n",
		all.bareCPU.Seconds(), all.agentCPU.Seconds(), 100*(all.agentCPU-all.bareCPU).Seconds()/all.bareCPU.Seconds(),
		float64((all.agentCPU-all.bareCPU).Microseconds())/float64(all.sent),
		(all.agentCPU-all.bareCPU).Seconds()/float64(all.sent)*float64(rate)*100/3)
	show("CPU added, µs per request to the gateway (3 services)", all.perRequest)
	show("CPU added, % of the services' own with the tracer alone", all.relative)
	show("CPU added, % of a core, a service", all.ofCore)
	show("memory added, MiB a service", all.memory)
	return nil
}

// run measures both fleets side by side: whatever else the machine does, it does to both.
func (f *figures) run(n int, bin, collector string, slices, requests, rate int) (err error) {
	bare, agent := &fleet{}, &fleet{}
	defer func() { err = errors.Join(err, bare.stop(), agent.stop()) }()
	gateways, err := startBoth(bin, bare, agent, collector)
	if err != nil {
		return err
	}
	load(gateways, rate, rate) // a second to warm up
	before, err := both(bare, agent)
	if err != nil {
		return err
	}
	var now [2]usage
	for slice := 1; slice <= slices; slice++ {
		came := load(gateways, requests, rate)
		f.failed += came[0].failed + came[1].failed
		if now, err = both(bare, agent); err != nil {
			return err
		}
		b, a := now[0].cpu-before[0].cpu, now[1].cpu-before[1].cpu
		f.slice(b, a, requests, rate)
		each := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(requests) }
		fmt.Printf("%-4d %-6d %16.1f %16.1f %13.1f%%\n", n, slice, each(b), each(a), 100*float64(a-b)/float64(b))
		before = now
	}
	f.memory = append(f.memory, mib(now[1].rssBytes-now[0].rssBytes)/3)
	return nil
}

// startBoth starts the fleet with the tracer alone and the one with the agent.
func startBoth(bin string, bare, agent *fleet, collector string) (gateways [2]string, err error) {
	if gateways[0], err = bare.startAll(bin, "-bare-trace"); err == nil {
		gateways[1], err = agent.startAll(bin, "-collector="+collector)
	}
	return gateways, err
}

func (f *figures) slice(bare, agent time.Duration, requests, rate int) {
	added := float64((agent - bare).Microseconds()) / float64(requests)
	f.perRequest = append(f.perRequest, added)
	f.relative = append(f.relative, 100*float64(agent-bare)/float64(bare))
	f.ofCore = append(f.ofCore, added*float64(rate)/1e6*100/3)
	f.bareCPU += bare
	f.agentCPU += agent
	f.sent += int64(requests)
}

func both(bare, agent *fleet) (now [2]usage, err error) {
	for i, f := range []*fleet{bare, agent} {
		var failed error
		now[i], failed = f.usage()
		err = errors.Join(err, failed)
	}
	return now, err
}

func show(what string, values []float64) {
	slices.Sort(values)
	at := func(part int) float64 { return values[part*(len(values)-1)/4] }
	fmt.Printf("%-58s median %7.2f   middle half %7.2f to %7.2f   all %7.2f to %7.2f\n", what, at(2), at(1), at(3), at(0), at(4))
}

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }
