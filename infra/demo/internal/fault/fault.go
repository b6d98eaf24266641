// Package fault names the faults that the demo's services can be told to have.
package fault

import (
	"fmt"
	"slices"
	"strings"
)

const (
	Leak       = "leak"       // orders: a goroutine per timed-out quote never ends
	Background = "background" // orders: a call is made on context.Background()
	NoHeader   = "noheader"   // gateway: a call leaves without the deadline header
	Mutex      = "mutex"      // inventory: a lock is held during slow work
	Alloc      = "alloc"      // gateway: a report that allocates without measure
	WorkAfter  = "workafter"  // orders: work goes on after the deadline
	MapRace    = "maprace"    // inventory: two handlers write one map (needs a -race build to be seen)
)

// Traced are those that an execution trace shows.
var Traced = []string{Leak, Background, NoHeader, Mutex, Alloc, WorkAfter}

// Set is the faults that are switched on.
type Set map[string]bool

// Parse reads a comma-separated list; "" is the healthy set.
func Parse(list string) (Set, error) {
	set := Set{}
	for _, name := range strings.Split(list, ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		if name != MapRace && !slices.Contains(Traced, name) {
			return nil, fmt.Errorf("unknown fault %q, known are %s and %s", name, strings.Join(Traced, ", "), MapRace)
		}
		set[name] = true
	}
	return set, nil
}
