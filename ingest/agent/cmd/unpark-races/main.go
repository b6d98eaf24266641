// Command unpark-races sends the reports of Go's race detector to an Unpark collector: those in the files of
// GORACE=log_path=PREFIX, beside the program, or those on the stderr of a program that it starts.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	unpark "github.com/unpark/unpark/ingest/agent"
	"github.com/unpark/unpark/ingest/agent/races"
)

const usage = `unpark-races sends reports of Go's race detector to an Unpark collector.

  unpark-races -collector http://unpark:8080 -service orders -log /var/log/race [-state FILE]
      follows /var/log/race.PID of a program that runs with GORACE=log_path=/var/log/race
  unpark-races -collector http://unpark:8080 -service orders -- ./orders -listen :80
      starts the program, passes its stderr on, and sends the reports in it; exits as the program does

`

type headers struct{ http.Header }

func (h headers) String() string { return "" }

func (h headers) Set(line string) error {
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return errors.New(`want "Name: value"`)
	}
	h.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	return nil
}

type settings struct {
	collector, prefix, state     string
	source                       races.Source
	header                       headers
	identity                     unpark.Identity
	poll, giveUpAfter, flushTime time.Duration
	command                      []string
}

func main() {
	s, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(0)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "unpark-races:", err)
		os.Exit(2)
	}
	os.Exit(run(s))
}

func parse(args []string) (settings, error) {
	s := settings{header: headers{http.Header{}}}
	flags := flag.NewFlagSet("unpark-races", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprint(os.Stderr, usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&s.collector, "collector", "", "base URL of the collector")
	flags.StringVar(&s.source.Service, "service", "", "name of the service")
	flags.StringVar(&s.source.Instance, "instance", "", "name of the process (default HOST-PID)")
	flags.StringVar(&s.source.Namespace, "namespace", "", "namespace of the service")
	flags.StringVar(&s.source.Version, "version", "", "version of the service")
	flags.StringVar(&s.prefix, "log", "", "follow PREFIX.PID, as in GORACE=log_path=PREFIX")
	flags.StringVar(&s.state, "state", "", "file that remembers how far the logs are sent (default PREFIX.unpark)")
	flags.Var(s.header, "header", `more headers, "Name: value"; may be repeated`)
	flags.StringVar(&s.identity.TokenFile, "token-file", "", "file with the token for the collector; read for each request")
	flags.StringVar(&s.identity.CAFile, "ca", "", "PEM of those who may sign the collector's certificate, instead of the system's")
	flags.StringVar(&s.identity.CertFile, "cert", "", "own certificate for the collector, as PEM")
	flags.StringVar(&s.identity.KeyFile, "key", "", "key of -cert, as PEM")
	flags.DurationVar(&s.poll, "poll", time.Second, "how often to look into the files")
	flags.DurationVar(&s.giveUpAfter, "give-up-after", time.Minute, "when to send a report that has no end")
	flags.DurationVar(&s.flushTime, "flush-time", 5*time.Second, "how long to go on sending when the program has ended")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	s.command = flags.Args()
	switch {
	case s.collector == "" || s.source.Service == "":
		return s, errors.New("-collector and -service must be given")
	case (s.prefix == "") == (len(s.command) == 0):
		return s, errors.New("give either -log PREFIX or a command to run")
	}
	if s.state == "" && s.prefix != "" {
		s.state = s.prefix + ".unpark"
	}
	return s, nil
}

func run(s settings) int {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	transport, err := s.identity.Wrap(nil, s.collector)
	if err != nil {
		log.Error("unpark-races", "error", err)
		return 2
	}
	poster := &races.Poster{Collector: s.collector, Header: s.header.Header, Client: &http.Client{Transport: transport}}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown-host"
	}
	if len(s.command) > 0 {
		return wrap(s, poster, host, log)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	tailer := &races.Tailer{Prefix: s.prefix, StateFile: s.state, Source: s.source, Host: host,
		GiveUpAfter: s.giveUpAfter, Post: poster.Post, Log: log}
	if err := tailer.Run(ctx, s.poll); err != nil {
		log.Error("unpark-races", "error", err)
		return 1
	}
	return 0
}

// wrap runs the command as if we were not there.
func wrap(s settings, poster *races.Poster, host string, log *slog.Logger) int {
	child := exec.Command(s.command[0], s.command[1:]...)
	child.Stdin, child.Stdout = os.Stdin, os.Stdout
	pipe, err := child.StderrPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "unpark-races:", err)
		return 127
	}
	source := s.source
	if source.Instance == "" {
		source.Instance = fmt.Sprintf("%s-%d", host, child.Process.Pid)
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	go func() {
		for sig := range signals {
			_ = child.Process.Signal(sig)
		}
	}()
	queue := races.NewQueue(func(ctx context.Context, text []byte) error { return poster.Post(ctx, source, text) }, log)
	scanner := &races.Scanner{Report: queue.Put}
	var copied sync.WaitGroup
	copied.Add(1)
	go func() {
		defer copied.Done()
		_, _ = io.Copy(tee{scanner}, pipe)
		scanner.Flush()
	}()
	copied.Wait() // before Wait, which closes the pipe
	err = child.Wait()
	if lost := queue.Close(s.flushTime); lost > 0 {
		log.Warn("unpark-races: reports were lost", "reports", lost)
	}
	return exitCode(child, err, log)
}

// tee passes stderr on and scans it; a stderr that is closed does not stop the scanning.
type tee struct{ scanner *races.Scanner }

func (t tee) Write(p []byte) (int, error) {
	_, _ = os.Stderr.Write(p)
	return t.scanner.Write(p)
}

func exitCode(child *exec.Cmd, err error, log *slog.Logger) int {
	if err == nil {
		return 0
	}
	if state := child.ProcessState; state != nil {
		if code := state.ExitCode(); code >= 0 {
			return code
		}
		if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			return 128 + int(status.Signal())
		}
	}
	log.Error("unpark-races", "error", err)
	return 1
}
