// Package fleet builds, starts and ends the demo's three services as processes of their own.
package fleet

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/unpark/unpark/infra/demo/internal/service"
)

const (
	startWithin = 10 * time.Second
	endWithin   = 10 * time.Second
	modulePath  = "github.com/unpark/unpark/infra/demo"
)

// Services in the order they start: who is called comes first.
var Services = []string{"inventory", "orders", "gateway"}

// Options of a fleet. Empty means none.
type Options struct {
	BinDir    string
	Faults    string
	TraceDir  string              // services write SERVICE.trace there
	Collector string              // or ship to this collector
	MaxLife   time.Duration       // services end by themselves after this time
	Env       map[string][]string // more environment, by service
	Programs  map[string]string   // another program than BinDir/SERVICE, by service
	Log       io.Writer           // stderr of the services
}

// Fleet is three running services.
type Fleet struct {
	Gateway   string // base URL
	processes []*process
}

// Build compiles one command of the demo's module, which must be the current directory or above it. With race, its
// race-detector build.
func Build(ctx context.Context, moduleDir, binDir, command string, race bool) (program string, err error) {
	program = filepath.Join(binDir, command)
	arguments := []string{"build", "-trimpath"}
	if race {
		program += "-race"
		arguments = append(arguments, "-race")
	}
	build := exec.CommandContext(ctx, "go", append(arguments, "-o", program, modulePath+"/cmd/"+command)...)
	build.Dir = moduleDir
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("build %s: %w", command, err)
	}
	return program, nil
}

// Start starts the services and waits until all listen. Whatever happens, Stop what is returned.
func Start(ctx context.Context, options Options) (*Fleet, error) {
	fleet := &Fleet{}
	urls := map[string]string{}
	for _, name := range Services {
		p, err := startProcess(ctx, name, options, urls)
		if p != nil {
			fleet.processes = append(fleet.processes, p)
		}
		if err != nil {
			return fleet, fmt.Errorf("start %s: %w", name, err)
		}
		urls[name] = p.url
	}
	fleet.Gateway = urls["gateway"]
	return fleet, nil
}

// Stop ends all services at once and waits for them; one that does not end is killed, and that is an error.
func (f *Fleet) Stop() error {
	for _, p := range f.processes {
		_ = p.stdin.Close() // its sign to end; it also comes when this process dies
	}
	var failed error
	for _, p := range f.processes {
		failed = errors.Join(failed, p.wait())
	}
	return failed
}

type process struct {
	name  string
	url   string
	cmd   *exec.Cmd
	stdin io.WriteCloser
}

func startProcess(ctx context.Context, name string, options Options, urls map[string]string) (*process, error) {
	program := filepath.Join(options.BinDir, name)
	if other, ok := options.Programs[name]; ok {
		program = other
	}
	arguments := []string{"-until-eof", "-fault=" + options.Faults, "-max-life=" + options.MaxLife.String(),
		"-orders=" + urls["orders"], "-inventory=" + urls["inventory"]}
	if options.TraceDir != "" {
		arguments = append(arguments, "-trace="+filepath.Join(options.TraceDir, name+".trace"))
	}
	if options.Collector != "" {
		arguments = append(arguments, "-collector="+options.Collector)
	}
	cmd := exec.CommandContext(ctx, program, arguments...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = endWithin
	cmd.Env = append(append(os.Environ(), "GOMAXPROCS=2"), options.Env[name]...)
	cmd.Stderr = options.Log
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{name: name, cmd: cmd, stdin: stdin}
	p.url, err = listening(stdout)
	return p, err
}

// listening waits for the line that says where the service listens.
func listening(stdout io.Reader) (url string, err error) {
	found := make(chan string, 1)
	go func() {
		defer close(found)
		line, err := bufio.NewReader(stdout).ReadString('\n')
		if address, ok := strings.CutPrefix(strings.TrimSpace(line), service.ListeningPrefix); ok && err == nil {
			found <- "http://" + address
		}
	}()
	select {
	case url, ok := <-found:
		if !ok {
			return "", errors.New("it ended before it listened")
		}
		return url, nil
	case <-time.After(startWithin):
		return "", errors.New("it does not listen")
	}
}

func (p *process) wait() error {
	ended := make(chan error, 1)
	go func() { ended <- p.cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		return nil
	case <-time.After(endWithin):
		_ = p.cmd.Process.Kill()
		<-ended
		return fmt.Errorf("%s did not end and was killed", p.name)
	}
}
