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
	pairs := flag.Int("pairs", 12, "pairs of runs")
	rate := flag.Int("rate", 400, "requests per second")
	warm := flag.Duration("warm", time.Second, "load before the measurement")
	length := flag.Duration("length", 3*time.Second, "length of one measurement")
	flag.Parse()
	if err := run(*bin, *pairs, *rate, *warm, *length); err != nil {
		fmt.Fprintln(os.Stderr, "agent:", err)
		os.Exit(1)
	}
}

// sample is one run: all three services together.
type sample struct {
	requests int64
	failed   int64
	cpu      time.Duration
	rssBytes int64
}

func (s sample) perRequest() float64 { return float64(s.cpu.Microseconds()) / float64(s.requests) }

func run(bin string, pairs, rate int, warm, length time.Duration) error {
	collector, received, err := collect()
	if err != nil {
		return err
	}
	fmt.Printf("%-5s %-6s %9s %7s %12s %14s %10s\n", "pair", "what", "requests", "failed", "CPU s", "CPU µs/request", "RSS MiB")
	var perRequest, ofCore, relative, memory []float64
	for pair := 1; pair <= pairs; pair++ {
		order := []string{"bare", "agent"}
		if pair%2 == 0 { // so that a drift of the machine favours none
			slices.Reverse(order)
		}
		got := map[string]sample{}
		for _, what := range order {
			s, err := measure(bin, what, collector, rate, warm, length)
			if err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
			got[what] = s
			fmt.Printf("%-5d %-6s %9d %7d %12.3f %14.1f %10.1f\n", pair, what, s.requests, s.failed, s.cpu.Seconds(), s.perRequest(), mib(s.rssBytes))
		}
		bare, agent := got["bare"], got["agent"]
		added := agent.perRequest() - bare.perRequest()
		perRequest = append(perRequest, added)
		relative = append(relative, 100*added/bare.perRequest())
		ofCore = append(ofCore, added*float64(rate)/1e6*100/3)
		memory = append(memory, mib(agent.rssBytes-bare.rssBytes)/3)
	}
	fmt.Printf("the collector took %d bytes\n", received.Load())
	show("CPU added, µs per request to the gateway (3 services)", perRequest)
	show("CPU added, % of the services' own with the tracer alone", relative)
	show("CPU added, % of a core, a service", ofCore)
	show("memory added, MiB a service", memory)
	return nil
}

func show(what string, values []float64) {
	slices.Sort(values)
	fmt.Printf("%-58s median %7.2f   from %7.2f to %7.2f\n", what, values[len(values)/2], values[0], values[len(values)-1])
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

func measure(bin, what, collector string, rate int, warm, length time.Duration) (s sample, err error) {
	services := &fleet{}
	defer func() { err = errors.Join(err, services.stop()) }()
	arguments := []string{"-until-eof"}
	if what == "bare" {
		arguments = append(arguments, "-bare-trace")
	} else {
		arguments = append(arguments, "-collector="+collector)
	}
	for _, name := range []string{"inventory", "orders", "gateway"} {
		url, err := services.start(filepath.Join(bin, name), arguments)
		if err != nil {
			return s, err
		}
		arguments = append(arguments, "-"+name+"="+url)
	}
	gateway := strings.TrimPrefix(arguments[len(arguments)-1], "-gateway=")
	load(gateway, rate, warm)
	before, _, err := services.usage()
	if err != nil {
		return s, err
	}
	s.requests, s.failed = load(gateway, rate, length)
	after, rss, err := services.usage()
	s.cpu, s.rssBytes = after-before, rss
	return s, err
}

// load sends requests at a fixed rate, whatever the answers take.
func load(base string, rate int, length time.Duration) (sent, failed int64) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 5 * time.Second}
	defer client.CloseIdleConnections()
	var running sync.WaitGroup
	var bad atomic.Int64
	begin := time.Now()
	paths := []string{"/orders/%d", "/products/sku-%d"}
	for n := 0; n < int(float64(rate)*length.Seconds()); n++ {
		time.Sleep(time.Until(begin.Add(time.Duration(n) * time.Second / time.Duration(rate))))
		running.Add(1)
		go func(n int) {
			defer running.Done()
			request, err := http.NewRequest(http.MethodGet, base+fmt.Sprintf(paths[n%len(paths)], n), nil)
			if err != nil {
				bad.Add(1)
				return
			}
			request.Header.Set("Request-Timeout", "2s")
			response, err := client.Do(request)
			if err != nil {
				bad.Add(1)
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			response.Body.Close()
			if response.StatusCode >= 500 {
				bad.Add(1)
			}
		}(n)
		sent++
	}
	running.Wait()
	return sent, bad.Load()
}

// fleet is the processes of one run.
type fleet struct {
	commands []*exec.Cmd
	stdins   []io.Closer
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
func (f *fleet) usage() (cpu time.Duration, rssBytes int64, err error) {
	for _, cmd := range f.commands {
		folder := fmt.Sprintf("/proc/%d/", cmd.Process.Pid)
		threads, err := filepath.Glob(folder + "task/*/schedstat")
		if err != nil {
			return 0, 0, err
		}
		for _, thread := range threads {
			onCPU, err := field(thread, 0)
			if err != nil {
				return 0, 0, err
			}
			cpu += time.Duration(onCPU)
		}
		pages, err := field(folder+"statm", 1)
		if err != nil {
			return 0, 0, err
		}
		rssBytes += pages * int64(os.Getpagesize())
	}
	return cpu, rssBytes, nil
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
