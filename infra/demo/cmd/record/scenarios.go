package main

import "github.com/unpark/unpark/infra/demo/internal/fault"

// scenario is one run of the fleet.
type scenario struct {
	name   string
	faults []string
}

var scenarios = []scenario{
	{"healthy", nil},
	{fault.Leak, []string{fault.Leak}},
	{fault.Background, []string{fault.Background}},
	{fault.NoHeader, []string{fault.NoHeader}},
	{fault.Mutex, []string{fault.Mutex}},
	{fault.Alloc, []string{fault.Alloc}},
	{fault.WorkAfter, []string{fault.WorkAfter}},
	{"faulty", fault.Traced},
}

// kinds says which anomaly each fault is, and which others are true as well, as its consequence.
var kinds = map[string]struct {
	kind string
	also []string
}{
	fault.Leak:       {"goroutine_leak", []string{"deadline_exceeded", "work_after_deadline"}},
	fault.Background: {"deadline_not_propagated", nil},
	fault.NoHeader:   {"deadline_not_propagated", nil},
	fault.Mutex:      {"blocked_too_long", []string{"mutex_contention", "slow_request"}},
	fault.Alloc:      {"gc_pressure", []string{"sched_latency", "slow_request", "stw_pause"}},
	fault.WorkAfter:  {"work_after_deadline", []string{"deadline_exceeded"}},
	fault.MapRace:    {"data_race", nil},
}
