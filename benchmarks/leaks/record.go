package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/trace"
	"syscall"
	"time"

	"example.org/leaks/app"
)

const (
	lateStart   = 4500 * time.Millisecond
	lateTrace   = 3 * time.Second
	fullTrace   = 6 * time.Second
	shortTrace  = 3500 * time.Millisecond
	longTrace   = 14 * time.Second
	grace       = 5 * time.Second  // load ends 0.7 s after the trace; what is not stuck has gone on by then
	stopTimeout = 20 * time.Second // longer than any scenario's own timeouts
)

// traceEnd is when the trace of a mode ends, from the service's start on.
func traceEnd(mode string) time.Duration {
	switch mode {
	case "late", "flight":
		return lateStart + lateTrace
	case "short":
		return shortTrace
	case "long":
		return longTrace
	default:
		return fullTrace
	}
}

// isLate tells whether the interesting part is over before the trace of a mode begins.
func isLate(mode string) bool { return mode == "late" || mode == "flight" }

// record runs the service, traces it, and writes trace and label below out.
func record(s app.Scenario, mode, out string) error {
	late, flight := isLate(mode), mode == "flight"
	id := "fresh_" + s.Name
	if mode != "full" {
		id += "_" + mode
	}
	file, err := os.Create(filepath.Join(out, "traces", id+".trace"))
	if err != nil {
		return err
	}
	recorder := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: lateTrace})
	if flight {
		if err := recorder.Start(); err != nil {
			return err
		}
	}
	if !late {
		if err := trace.Start(file); err != nil {
			return err
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	svc, err := start(ctx, s, mode)
	if err != nil {
		return err
	}
	if late && !flight {
		time.Sleep(time.Until(svc.env.Started.Add(lateStart)))
		if err := trace.Start(file); err != nil {
			return err
		}
	}
	time.Sleep(time.Until(svc.env.Started.Add(traceEnd(mode))))
	if flight {
		if _, err := recorder.WriteTo(file); err != nil {
			return err
		}
		recorder.Stop()
	} else {
		trace.Stop()
	}
	atEnd := dump()
	file.Close()
	time.Sleep(grace)
	after := dump()
	stop()
	svc.stop()
	left := awaitEnd(func(g goroutine) bool { return s.Leaks == nil || !matches(g, append(s.Leaks, s.Follows...)) })
	l := makeLabel(s, id, mode, atEnd, after)
	if err := verify(s, l, left); err != nil {
		return err
	}
	fmt.Printf("%-28s %-4s %s\n", s.Name, mode, l.summary(len(atEnd), len(after), len(dump())))
	return l.write(filepath.Join(out, "labels", id+".json"))
}

type service struct {
	env  *app.Env
	srv  *http.Server
	load *exec.Cmd
	in   interface{ Close() error }
	done chan struct{}
}

// start brings the service up and its load in another process.
func start(ctx context.Context, s app.Scenario, mode string) (*service, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	upstream := free.Addr().String()
	free.Close()
	cmd := exec.Command(os.Args[0], "-scenario", s.Name, "-mode", mode, "-client-of", ln.Addr().String(), "-upstream", upstream)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	env := &app.Env{Ctx: ctx, Mux: http.NewServeMux(), Late: isLate(mode), Started: time.Now(), Upstream: upstream}
	env.Handle("/ping", func(*http.Request) string { return "pong" })
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s.Setup(env)
	svc := &service{env: env, srv: &http.Server{Handler: env.Mux}, load: cmd, in: in, done: make(chan struct{})}
	go svc.srv.Serve(ln)
	go flushMetrics(ctx)
	go svc.shutdownWhenDone(ctx)
	return svc, nil
}

func (v *service) shutdownWhenDone(ctx context.Context) {
	<-ctx.Done()
	c, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	v.env.Stop()
	v.srv.Shutdown(c)
	close(v.done)
}

func flushMetrics(ctx context.Context) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// stop waits for the graceful shutdown and ends the load's process.
func (v *service) stop() {
	<-v.done
	v.in.Close()
	v.load.Wait()
}
