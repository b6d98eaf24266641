package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/trace"
	"time"
)

const (
	captures     = 4
	captureTime  = 2500 * time.Millisecond
	captureEvery = 5500 * time.Millisecond
)

// recordCaptures traces one process several times: a pool, clean-ups after 7 s, and a leak of one goroutine every 1.4 s.
func recordCaptures(out string) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	cmd := exec.Command(os.Args[0], "-captures-load", ln.Addr().String())
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	go http.Serve(ln, threeKinds())
	begun := time.Now()
	for i := range captures {
		time.Sleep(time.Until(begun.Add(time.Duration(i) * captureEvery)))
		if err := captureOnce(filepath.Join(out, fmt.Sprintf("three_kinds.%d.trace", i+1))); err != nil {
			return err
		}
	}
	return nil
}

func captureOnce(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := trace.Start(file); err != nil {
		return errors.Join(err, file.Close())
	}
	time.Sleep(captureTime)
	trace.Stop()
	return file.Close()
}

func threeKinds() http.Handler {
	mux := http.NewServeMux()
	jobs := make(chan func())
	mux.HandleFunc("/job", func(w http.ResponseWriter, r *http.Request) {
		done := make(chan struct{})
		job := func() { time.Sleep(20 * time.Millisecond); close(done) }
		select {
		case jobs <- job:
		default:
			go poolWorker(jobs, job)
		}
		<-done
	})
	mux.HandleFunc("/upload", func(w http.ResponseWriter, r *http.Request) { go removeLater(r.URL.Path) })
	mux.HandleFunc("/lease", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(context.Background())
		_ = cancel
		go keepLease(ctx)
	})
	return mux
}

func poolWorker(jobs <-chan func(), job func()) {
	for {
		job()
		job = <-jobs
	}
}

func removeLater(name string) {
	select {
	case <-time.After(7 * time.Second):
		os.Remove(filepath.Join(os.TempDir(), "no-such-folder", name))
	case <-context.Background().Done():
	}
}

func keepLease(ctx context.Context) { <-ctx.Done() }

func capturesLoad(addr string) {
	get := func(path string) {
		if resp, err := http.Get("http://" + addr + path); err == nil {
			resp.Body.Close()
		}
	}
	every := func(d time.Duration, path string) {
		for range time.Tick(d) {
			get(path)
		}
	}
	time.Sleep(100 * time.Millisecond)
	for range 10 {
		go get("/job")
	}
	go every(350*time.Millisecond, "/job")
	go every(200*time.Millisecond, "/upload")
	every(1400*time.Millisecond, "/lease")
}
