package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/unpark/unpark/infra/demo/internal/fault"
	"github.com/unpark/unpark/infra/demo/internal/fleet"
	"github.com/unpark/unpark/infra/demo/internal/load"
	"github.com/unpark/unpark/infra/demo/internal/planted"
)

const (
	modulePath   = "github.com/unpark/unpark/infra/demo"
	raceName     = "race"
	raceAttempts = 3
)

type recorder struct {
	module, out string
	load        time.Duration
	binDir      string
	places      []planted.Place
}

func (r *recorder) run(ctx context.Context) (err error) {
	if r.places, err = planted.Find(r.module, modulePath, fleet.Services); err != nil {
		return err
	}
	if r.binDir, err = os.MkdirTemp("", "unpark-demo-"); err != nil {
		return err
	}
	defer os.RemoveAll(r.binDir)
	for _, name := range fleet.Services {
		if _, err := fleet.Build(ctx, r.module, r.binDir, name, false); err != nil {
			return err
		}
	}
	m := manifest{Format: 1, GoVersion: runtime.Version(), GOMAXPROCS: 2, RecordedAt: time.Now().UTC().Format(time.RFC3339)}
	for _, s := range scenarios {
		entry, err := r.record(ctx, s)
		if err != nil {
			return fmt.Errorf("scenario %s: %w", s.name, err)
		}
		m.Scenarios = append(m.Scenarios, entry)
	}
	entry, err := r.recordRace(ctx)
	if err != nil {
		return fmt.Errorf("race log: %w", err)
	}
	m.Scenarios = append(m.Scenarios, entry)
	return m.write(r.out)
}

// record runs one scenario with all three services traced from their start to the end of the load.
func (r *recorder) record(ctx context.Context, s scenario) (scenarioEntry, error) {
	fmt.Fprintf(os.Stderr, "recording %s\n", s.name)
	folder, err := emptyFolder(filepath.Join(r.out, s.name))
	if err != nil {
		return scenarioEntry{}, err
	}
	set := fault.Set{}
	for _, name := range s.faults {
		set[name] = true
	}
	answers, err := r.drive(ctx, load.Streams(set), fleet.Options{Faults: strings.Join(s.faults, ","), TraceDir: folder})
	if err != nil {
		return scenarioEntry{}, err
	}
	entry := scenarioEntry{
		Name: s.name, Faults: append([]string{}, s.faults...), Races: []raceEntry{},
		Planted: expectations(s.faults, r.places), Answers: answers,
	}
	for _, name := range []string{"gateway", "orders", "inventory"} {
		trace, err := compress(ctx, filepath.Join(folder, name+".trace"))
		if err != nil {
			return scenarioEntry{}, err
		}
		trace.Service, trace.Instance, trace.File = name, name+"-1", path.Join(s.name, trace.File)
		entry.Traces = append(entry.Traces, trace)
	}
	return entry, nil
}

// drive starts a fleet, puts load on it for the scenario's time, and ends it.
func (r *recorder) drive(ctx context.Context, streams []load.Stream, options fleet.Options) (load.Result, error) {
	options.BinDir = r.binDir
	options.MaxLife = r.load + time.Minute
	options.Log = os.Stderr
	services, err := fleet.Start(ctx, options)
	if err != nil {
		return nil, errors.Join(err, services.Stop())
	}
	limited, cancel := context.WithTimeout(ctx, r.load)
	defer cancel()
	answers := load.Run(limited, services.Gateway, streams)
	return answers, errors.Join(services.Stop(), ctx.Err())
}

// recordRace runs inventory's race-detector build. Two writes of a map at the same moment would end the process
// instead of being reported; then it is tried again.
func (r *recorder) recordRace(ctx context.Context) (scenarioEntry, error) {
	program, err := fleet.Build(ctx, r.module, r.binDir, "inventory", true)
	if err != nil {
		return scenarioEntry{}, err
	}
	faults := []string{fault.MapRace}
	entry := scenarioEntry{
		Name: raceName, Faults: faults, Traces: []traceEntry{},
		Races:   []raceEntry{{"inventory", "inventory-1", raceName + "/inventory-race.log"}},
		Planted: expectations(faults, r.places),
	}
	for attempt := 1; attempt <= raceAttempts && err == nil; attempt++ {
		fmt.Fprintf(os.Stderr, "recording %s\n", raceName)
		if entry.Answers, err = r.raceOnce(ctx, program); err == nil {
			return entry, nil
		}
		fmt.Fprintln(os.Stderr, "record: again, because", err)
		err = ctx.Err()
	}
	return scenarioEntry{}, errors.Join(err, errors.New("no race log in all attempts"))
}

func (r *recorder) raceOnce(ctx context.Context, program string) (load.Result, error) {
	folder, err := emptyFolder(filepath.Join(r.out, raceName))
	if err != nil {
		return nil, err
	}
	// The detector adds the process id to the path; exitcode=0 because the races are what we want.
	log := filepath.Join(folder, "raw")
	answers, err := r.drive(ctx, load.RaceStreams(), fleet.Options{
		Faults:   fault.MapRace,
		Programs: map[string]string{"inventory": program},
		Env:      map[string][]string{"inventory": {"GORACE=exitcode=0 log_path=" + log}},
	})
	if err != nil {
		return nil, err
	}
	logs, err := filepath.Glob(log + ".*")
	if err != nil || len(logs) != 1 {
		return nil, fmt.Errorf("%d race logs, want 1 (%v)", len(logs), err)
	}
	return answers, os.Rename(logs[0], filepath.Join(folder, "inventory-race.log"))
}

// compress replaces file by file.xz.
func compress(ctx context.Context, file string) (traceEntry, error) {
	before, err := os.Stat(file)
	if err != nil {
		return traceEntry{}, err
	}
	if out, err := exec.CommandContext(ctx, "xz", "-9e", "--threads=1", file).CombinedOutput(); err != nil {
		return traceEntry{}, fmt.Errorf("xz: %w: %s", err, out)
	}
	after, err := os.Stat(file + ".xz")
	if err != nil {
		return traceEntry{}, err
	}
	return traceEntry{File: filepath.Base(file) + ".xz", TraceBytes: before.Size(), FileBytes: after.Size()}, nil
}

func emptyFolder(folder string) (absolute string, err error) {
	if absolute, err = filepath.Abs(folder); err != nil {
		return "", err
	}
	if err := os.RemoveAll(absolute); err != nil {
		return "", err
	}
	return absolute, os.MkdirAll(absolute, 0o755)
}
