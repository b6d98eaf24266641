package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// usage is what a fleet of three services has used.
type usage struct {
	cpu      time.Duration
	rssBytes int64
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
