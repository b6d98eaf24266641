// Command agent measures what the Go agent adds over the runtime's own tracing: the demo's three services at a fixed
// load, in pairs that alternate between the tracer alone and the agent. See README.md.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	bin := flag.String("bin", "", "folder with the demo's services, gateway, orders and inventory")
	runs := flag.Int("runs", 4, "runs, each with fresh processes")
	slices := flag.Int("slices", 10, "measurements in a run")
	requests := flag.Int("requests", 400, "requests of a slice, to each of the two fleets")
	rate := flag.Int("rate", 200, "requests per second, to each of the two fleets")
	flag.Parse()
	if err := measure(*bin, *runs, *slices, *requests, *rate); err != nil {
		fmt.Fprintln(os.Stderr, "agent:", err)
		os.Exit(1)
	}
}

// usage is what a fleet of three services has used.
type usage struct {
	cpu      time.Duration
	rssBytes int64
}

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
	collector, received, err := collect()
	if err != nil {
		return err
	}
	var all figures
	fmt.Printf("%-4s %-6s %16s %16s %14s\n", "run", "slice", "bare µs/request", "agent µs/request", "added")
	for run := 1; run <= runs; run++ {
		if err := all.run(run, bin, collector, slices, requests, rate); err != nil {
			return err
		}
	}
	fmt.Printf("%d requests to each fleet, %d failed; the collector took %d bytes\n", all.sent, all.failed, received.Load())
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
	var gateways [2]string
	if gateways[0], err = bare.startAll(bin, "-bare-trace"); err != nil {
		return err
	}
	if gateways[1], err = agent.startAll(bin, "-collector="+collector); err != nil {
		return err
	}
	load(gateways, rate, rate) // a second to warm up
	before, err := both(bare, agent)
	if err != nil {
		return err
	}
	var now [2]usage
	for slice := 1; slice <= slices; slice++ {
		f.failed += load(gateways, requests, rate)
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

// collect takes whatever is posted, as fast as it can.
func collect() (url string, received *atomic.Int64, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	received = &atomic.Int64{}
	go func() {
		_ = http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n, _ := io.Copy(io.Discard, r.Body)
			received.Add(n)
			w.WriteHeader(http.StatusAccepted)
		}))
	}()
	return "http://" + listener.Addr().String(), received, nil
}

// load sends so many requests to each of two fleets, in turn, at a fixed rate, whatever the answers take.
func load(bases [2]string, requests, rate int) (failed int64) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 5 * time.Second}
	defer client.CloseIdleConnections()
	var running sync.WaitGroup
	var bad atomic.Int64
	begin := time.Now()
	for n := 0; n < 2*requests; n++ {
		time.Sleep(time.Until(begin.Add(time.Duration(n) * time.Second / time.Duration(2*rate))))
		pair, place := n/2, n%2
		if pair%2 == 1 { // neither is always the first
			place = 1 - place
		}
		running.Add(1)
		go func() {
			defer running.Done()
			if !send(client, bases[place], pair) {
				bad.Add(1)
			}
		}()
	}
	running.Wait()
	return bad.Load()
}

func send(client *http.Client, base string, n int) bool {
	paths := []string{"/orders/%d", "/products/sku-%d"}
	request, err := http.NewRequest(http.MethodGet, base+fmt.Sprintf(paths[n%len(paths)], n), nil)
	if err != nil {
		return false
	}
	request.Header.Set("Request-Timeout", "2s")
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, response.Body)
	response.Body.Close()
	return response.StatusCode < 500
}

// fleet is the processes of one run.
type fleet struct {
	commands []*exec.Cmd
	stdins   []io.Closer
}

// startAll starts the three services and returns the gateway's URL.
func (f *fleet) startAll(bin, how string) (gateway string, err error) {
	arguments := []string{"-until-eof", how}
	for _, name := range []string{"inventory", "orders", "gateway"} {
		if gateway, err = f.start(filepath.Join(bin, name), arguments); err != nil {
			return "", err
		}
		arguments = append(arguments, "-"+name+"="+gateway)
	}
	return gateway, nil
}

func (f *fleet) start(program string, arguments []string) (url string, err error) {
	var known []string // gateway, orders and inventory have the same flags; none calls itself
	for _, a := range arguments {
		if !strings.HasPrefix(a, "-gateway=") {
			known = append(known, a)
		}
	}
	cmd := exec.Command(program, known...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return "", err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	f.commands, f.stdins = append(f.commands, cmd), append(f.stdins, stdin)
	line, err := bufio.NewReader(stdout).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		return "", fmt.Errorf("%s does not listen: %q, %w", program, line, err)
	}
	return "http://" + address, nil
}

func (f *fleet) stop() error {
	for _, stdin := range f.stdins {
		_ = stdin.Close() // their sign to end
	}
	var failed error
	for _, cmd := range f.commands {
		failed = errors.Join(failed, cmd.Wait())
	}
	return failed
}

// usage adds up CPU and resident memory of the services. Threads tell their time in nanoseconds; Go keeps its threads.
func (f *fleet) usage() (u usage, err error) {
	for _, cmd := range f.commands {
		folder := fmt.Sprintf("/proc/%d/", cmd.Process.Pid)
		threads, err := filepath.Glob(folder + "task/*/schedstat")
		if err != nil {
			return u, err
		}
		for _, thread := range threads {
			onCPU, err := field(thread, 0)
			if err != nil {
				return u, err
			}
			u.cpu += time.Duration(onCPU)
		}
		pages, err := field(folder+"statm", 1)
		if err != nil {
			return u, err
		}
		u.rssBytes += pages * int64(os.Getpagesize())
	}
	return u, nil
}

func field(file string, n int) (int64, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(content))
	if n >= len(fields) {
		return 0, fmt.Errorf("%s: %q", file, content)
	}
	return strconv.ParseInt(fields[n], 10, 64)
}
