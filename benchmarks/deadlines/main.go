// Command deadlines runs two or three mini services under load, each in a process that records its own trace, and writes
// down what is wrong with them.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	log.SetFlags(0)
	name := flag.String("scenario", "", "scenario to run")
	mode := flag.String("mode", "plain", "what annotates: plain (nothing), otel (otelhttp), ids (a middleware that logs ids and deadlines), agent")
	out := flag.String("out", ".", "folder for traces and labels")
	list := flag.Bool("list", false, "print the scenarios' names and leave")
	role := flag.String("role", "", "internal: be this service")
	peers := flag.String("peers", "", "internal: name=address, separated by commas")
	flag.Parse()
	for _, sc := range scenarios() {
		switch {
		case *list:
			fmt.Println(sc.name)
		case sc.name == *name && *role != "":
			check(serve(sc, *role, *mode, parsePeers(*peers), filepath.Join(*out, file(sc, *mode, *role))))
		case sc.name == *name:
			check(record(sc, *mode, *out))
		}
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func parsePeers(text string) map[string]string {
	peers := map[string]string{}
	for part := range strings.SplitSeq(text, ",") {
		if name, addr, ok := strings.Cut(part, "="); ok {
			peers[name] = addr
		}
	}
	return peers
}

func file(sc scenario, mode string, role string) string {
	return fmt.Sprintf("%s.%s.%s.trace", sc.name, mode, role)
}

// record starts the services, the last one first, loads the first one, and lets them end.
func record(sc scenario, mode string, out string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var peers []string
	var first string
	var running []func() error
	for _, role := range slices.Backward(sc.roles()) {
		cmd := exec.Command(self, "-scenario", sc.name, "-role", role, "-mode", mode, "-out", out,
			"-peers", strings.Join(peers, ","))
		cmd.Env = append(os.Environ(), "GOMAXPROCS=2")
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		if err != nil {
			return err
		}
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			return err
		}
		if err := cmd.Start(); err != nil {
			return err
		}
		address, err := bufio.NewReader(stdout).ReadString('\n')
		if err != nil {
			return err
		}
		first = strings.TrimSpace(address)
		peers = append(peers, role+"="+first)
		running = append(running, func() error { _ = in.Close(); _, _ = io.Copy(io.Discard, stdout); return cmd.Wait() })
	}
	load(sc, first)
	for _, end := range running {
		if err := end(); err != nil {
			return err
		}
	}
	return writeLabel(sc, mode, out)
}

type label struct {
	Scenario string            `json:"scenario"`
	Mode     string            `json:"mode"`
	Traces   map[string]string `json:"traces"`
	Expected []expectation     `json:"expected"`
}

func writeLabel(sc scenario, mode string, out string) error {
	l := label{Scenario: sc.name, Mode: mode, Traces: map[string]string{}, Expected: []expectation{}}
	for _, role := range sc.roles() {
		l.Traces[role] = file(sc, mode, role)
	}
	for _, e := range sc.expect {
		if e.Mode == "" || slices.Contains(strings.Fields(e.Mode), l.Mode) {
			l.Expected = append(l.Expected, e)
		}
	}
	text, err := json.MarshalIndent(l, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, sc.name+"."+l.Mode+".json"), text, 0o644)
}
