package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/unpark/unpark/infra/demo/internal/planted"
)

// manifest describes the recordings; paths are relative to it, with slashes.
type manifest struct {
	Format     int             `json:"format"`
	GoVersion  string          `json:"go_version"`
	GOMAXPROCS int             `json:"gomaxprocs"`
	RecordedAt string          `json:"recorded_at"`
	Scenarios  []scenarioEntry `json:"scenarios"`
}

type scenarioEntry struct {
	Name    string       `json:"name"`
	Faults  []string     `json:"faults"`
	Traces  []traceEntry `json:"traces"`
	Races   []raceEntry  `json:"races"`
	Planted []expected   `json:"planted"`
	Answers map[int]int  `json:"answers"` // requests by HTTP status, as the load saw them; 0: none
}

type traceEntry struct {
	Service    string `json:"service"`
	Instance   string `json:"instance"`
	File       string `json:"file"`
	TraceBytes int64  `json:"trace_bytes"`
	FileBytes  int64  `json:"file_bytes"`
}

type raceEntry struct {
	Service  string `json:"service"`
	Instance string `json:"instance"`
	File     string `json:"file"`
}

// expected is what the scenario's recordings show: Kind at the places; the kinds in Also are true too.
type expected struct {
	Fault  string          `json:"fault"`
	Kind   string          `json:"kind"`
	Also   []string        `json:"also"`
	Places []planted.Place `json:"places"`
}

func expectations(faults []string, places []planted.Place) []expected {
	list := []expected{}
	for _, name := range faults {
		e := expected{Fault: name, Kind: kinds[name].kind, Also: append([]string{}, kinds[name].also...)}
		for _, place := range places {
			if place.Fault == name {
				e.Places = append(e.Places, place)
			}
		}
		list = append(list, e)
	}
	return list
}

func (m manifest) write(out string) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "manifest.json"), append(text, '\n'), 0o644)
}
