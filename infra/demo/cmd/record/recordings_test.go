package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/unpark/unpark/infra/demo/internal/fault"
	"github.com/unpark/unpark/infra/demo/internal/fleet"
	"github.com/unpark/unpark/infra/demo/internal/planted"
)

const (
	recordings    = "../../recordings"
	maxTotalBytes = 5 << 20
)

func readManifest(t *testing.T) manifest {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(recordings, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTheManifestNamesTheMarkedLines(t *testing.T) {
	places, err := planted.Find("../..", modulePath, fleet.Services)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range readManifest(t).Scenarios {
		for _, e := range s.Planted {
			want := expectations([]string{e.Fault}, places)[0]
			if !slices.Equal(e.Places, want.Places) || len(e.Places) == 0 {
				t.Errorf("%s: record.sh must run again: the manifest says %v, the sources %v", s.Name, e.Places, want.Places)
			}
		}
	}
}

func TestTheRecordingsAreSmall(t *testing.T) {
	var total int64
	err := filepath.Walk(recordings, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			total += info.Size()
		}
		return err
	})
	if err != nil || total > maxTotalBytes {
		t.Fatalf("%d bytes, the limit is %d (%v)", total, maxTotalBytes, err)
	}
	t.Logf("%d bytes", total)
}

func TestEveryRecordingIsAnnotatedAndTheServicesJoin(t *testing.T) {
	for _, s := range readManifest(t).Scenarios {
		if len(s.Traces) == 0 {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			traces := map[string]*observed{}
			for _, trace := range s.Traces {
				traces[trace.Service] = observe(t, filepath.Join(recordings, trace.File))
			}
			checkJoin(t, traces["gateway"], traces["orders"])
			checkJoin(t, traces["orders"], traces["inventory"])
			for _, name := range append([]string{""}, fault.Traced...) {
				shown := slices.Contains(s.Faults, name) || (name == "" && len(s.Faults) == 0)
				if shown || name != "" {
					checks[name](t, traces, shown)
				}
			}
		})
	}
}

// checkJoin: nearly every call is known on both sides; a few are under way when the traces begin or end.
func checkJoin(t *testing.T, caller, callee *observed) {
	t.Helper()
	parents := map[string]string{}
	for _, request := range callee.of("unpark.request", nil) {
		parents[request.fields["parent"]] = request.fields["trace"]
	}
	joined := 0
	for _, call := range caller.of("unpark.call", nil) {
		if parents[call.fields["span"]] == call.fields["trace"] {
			joined++
		}
	}
	if joined < 60 {
		t.Errorf("only %d calls join", joined)
	}
}

// checks say for each fault whether its trace is visible exactly when it should be.
var checks = map[string]func(t *testing.T, traces map[string]*observed, shown bool){
	"":               checkHealthy,
	fault.Leak:       checkLeak,
	fault.Background: checkBackground,
	fault.NoHeader:   checkNoHeader,
	fault.Mutex:      checkMutex,
	fault.Alloc:      checkAlloc,
	fault.WorkAfter:  checkWorkAfter,
}

func checkHealthy(t *testing.T, traces map[string]*observed, _ bool) {
	for name, o := range traces {
		if canceled := o.of("unpark.cancel", nil); len(canceled) > 0 {
			t.Errorf("%s: %d requests were canceled", name, len(canceled))
		}
		if slow := o.of("unpark.end", func(f map[string]string) bool { return f["status"] >= "500" }); len(slow) > 0 {
			t.Errorf("%s: %d requests failed", name, len(slow))
		}
		for _, request := range o.of("unpark.request", nil) {
			if request.fields["ctx_deadline_ns"] == "" || request.fields["hdr_deadline_ns"] == "" {
				t.Errorf("%s: a request without deadline: %v", name, request.fields)
			}
		}
		for _, place := range []string{"net/http.HandlerFunc.ServeHTTP", "main.(*server).quote.func1"} {
			if long := o.longWaits(place, 100*time.Millisecond); long > 0 {
				t.Errorf("%s: %d waits of 100 ms and more at %s", name, long, place)
			}
		}
		if share := o.collectorShare(); share > 0.05 {
			t.Errorf("%s: the collector takes %.0f %%", name, 100*share)
		}
	}
}

func checkLeak(t *testing.T, traces map[string]*observed, shown bool) {
	stuck := traces["orders"].stuck("runtime.chansend1 main.(*server).quote.func1")
	t.Logf("%d goroutines are stuck in quote", stuck)
	if (stuck >= 20) != shown || (!shown && stuck > 0) {
		t.Errorf("%d goroutines are stuck in quote", stuck)
	}
}

func checkBackground(t *testing.T, traces map[string]*observed, shown bool) {
	calls := traces["orders"].of("unpark.call", func(f map[string]string) bool {
		return strings.HasPrefix(f["route"], "DELETE ") && f["detached"] == "1" && f["ctx_deadline_ns"] == ""
	})
	t.Logf("%d calls on a context of their own", len(calls))
	if (len(calls) >= 20) != shown || (!shown && len(calls) > 0) {
		t.Errorf("%d calls on a context of their own", len(calls))
	}
}

func checkNoHeader(t *testing.T, traces map[string]*observed, shown bool) {
	calls := traces["gateway"].of("unpark.call", func(f map[string]string) bool {
		return f["ctx_deadline_ns"] != "" && f["hdr_deadline_ns"] == ""
	})
	requests := traces["orders"].of("unpark.request", func(f map[string]string) bool {
		return f["route"] == "GET /orders/{id}" && f["ctx_deadline_ns"] == ""
	})
	t.Logf("%d calls without header, %d requests without deadline", len(calls), len(requests))
	if (len(calls) >= 20 && len(requests) >= 20) != shown || (!shown && len(calls)+len(requests) > 0) {
		t.Errorf("%d calls without header, %d requests without deadline", len(calls), len(requests))
	}
}

func checkMutex(t *testing.T, traces map[string]*observed, shown bool) {
	waits := traces["inventory"].longWaits("sync.(*Mutex).Lock main.(*server).reserveSlowly", 100*time.Millisecond)
	t.Logf("%d waits of 100 ms and more for the lock", waits)
	if (waits >= 50) != shown || (!shown && waits > 0) {
		t.Errorf("%d waits of 100 ms and more for the lock", waits)
	}
}

func checkAlloc(t *testing.T, traces map[string]*observed, shown bool) {
	share, assists := traces["gateway"].collectorShare(), traces["gateway"].assists
	t.Logf("the collector takes %.0f %%, %d assists", 100*share, assists)
	if shown && (share < 0.3 || assists < 100) || !shown && share > 0.1 {
		t.Errorf("the collector takes %.0f %%, %d assists", 100*share, assists)
	}
}

func checkWorkAfter(t *testing.T, traces map[string]*observed, shown bool) {
	o := traces["orders"]
	deadlines := map[string]int64{}
	for _, request := range o.of("unpark.request", func(f map[string]string) bool { return strings.Contains(f["route"], "recommend") }) {
		deadlines[request.task], _ = strconv.ParseInt(request.fields["ctx_deadline_ns"], 10, 64)
	}
	late := 0
	for _, end := range o.of("unpark.end", nil) {
		deadline, known := deadlines[end.task]
		if known && end.at+o.wallOfTrace0-deadline >= int64(150*time.Millisecond) {
			late++
		}
	}
	t.Logf("%d handlers ended 150 ms and more after their deadline", late)
	if (late >= 10) != shown || (!shown && late > 0) {
		t.Errorf("%d handlers ended 150 ms and more after their deadline", late)
	}
}

func TestTheRaceLogNamesTheMarkedLines(t *testing.T) {
	for _, s := range readManifest(t).Scenarios {
		for _, race := range s.Races {
			text, err := os.ReadFile(filepath.Join(recordings, race.File))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(text), "WARNING: DATA RACE") {
				t.Error("no report")
			}
			for _, place := range s.Planted[0].Places {
				if at := place.File + ":" + strconv.Itoa(place.Line); !strings.Contains(string(text), at) {
					t.Errorf("%s is not in the log", at)
				}
			}
		}
	}
}
